/**
 * Parses an adaptive card from standard input with Microsoft's library in DIRECTORY: `node read_card.cjs DIRECTORY`.
 * Prints what it objects to, the texts that it would show, and the addresses that its buttons open.
 */
const { readFileSync } = require("node:fs");
const { resolve } = require("node:path");

const cards = require(resolve(process.argv[2], "node_modules/adaptivecards/dist/adaptivecards.js"));
const context = new cards.SerializationContext(cards.Versions.v1_4);
const card = new cards.AdaptiveCard();
card.parse(JSON.parse(readFileSync(0, "utf8")), context);
const objections = [];
for (let index = 0; index < context.eventCount; index++) objections.push(context.getEventAt(index).message);
for (const failure of card.validateProperties().validationEvents) objections.push(failure.message);
const texts = [];
for (let index = 0; index < card.getItemCount(); index++) {
  const block = card.getItemAt(index);
  for (let run = 0; run < block.getInlineCount(); run++) texts.push(block.getInlineAt(run).text);
}
const opened = [];
for (let index = 0; index < card.getActionCount(); index++) opened.push(card.getActionAt(index).url);
console.log(JSON.stringify({ objections, texts, opened }));
