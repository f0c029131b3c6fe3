import { Alias, Stage, VersionLink } from "../../ui/Badges";
import type { Move } from "./moves";

/** A move in words, after the name of who made it. */
export function MoveSentence({ model, move }: { model: string; move: Move }) {
  switch (move.kind) {
    case "stage":
      return (
        <>
          moved <VersionLink model={model} version={move.version} /> from <Stage name={move.from} /> to{" "}
          <Stage name={move.to} />
          {move.displaced !== null && (
            <>
              ; <VersionLink model={model} version={move.displaced.version} /> left
              {move.displaced.to !== null && (
                <>
                  {" for "}
                  <Stage name={move.displaced.to} />
                </>
              )}
            </>
          )}
          {move.aliases.map((alias) => (
            <span key={alias}>
              , <Alias name={alias} /> came along
            </span>
          ))}
        </>
      );
    case "alias":
      return (
        <>
          {move.to === null ? "removed" : "pointed"} <Alias name={move.alias} />
          {move.to !== null && (
            <>
              {" at "}
              <VersionLink model={model} version={move.to} />
            </>
          )}
          {move.from !== null && (
            <>
              {move.to === null ? " from " : ", before at "}
              <VersionLink model={model} version={move.from} />
            </>
          )}
        </>
      );
    case "challenger":
      return (
        <>
          {move.promoted ? "made the challenger the champion" : "retired the challenger"}
          {move.version !== null && (
            <>
              : <VersionLink model={model} version={move.version} />
            </>
          )}
          {move.promoted && move.before !== null && (
            <>
              {" in place of "}
              <VersionLink model={model} version={move.before} />
            </>
          )}
        </>
      );
    case "restriction":
      return (
        <>
          {move.lifted ? "lifted" : "placed"} a {move.what} on{" "}
          {move.version === null ? "the model" : <VersionLink model={model} version={move.version} />}
        </>
      );
  }
}
