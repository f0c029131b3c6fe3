"""The group of all commands: its help lists them under headings, and it reports every error that ends a command."""

import itertools
import sys
import traceback
from collections.abc import Sequence
from typing import Any, Final, NoReturn

import click

from moorage.cli import exits
from moorage.cli.problems import print_json, report_usage
from moorage.cli.session import console_on

# Sections are equally wide, so that they read as one table; one with a longer name is wider.
_NAME_WIDTH: Final = 11


class SectionedGroup(click.Group):
    """Lists its commands by section, in the order in which they were added."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.sections: dict[str, tuple[click.Command, ...]] = {}

    def add_section(self, title: str, *commands: click.Command) -> None:
        """Add commands under a heading."""
        self.sections[title] = commands
        for command in commands:
            self.add_command(command)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run the command line. Errors are printed as text, or as JSON if that is asked for anywhere in the line."""
        words = list(sys.argv[1:] if args is None else args)
        if not standalone_mode:
            return super().main(words, prog_name, complete_var, standalone_mode=False, **extra)
        as_json = _asks_for_json(words)
        try:
            code = super().main(words, prog_name, complete_var, standalone_mode=False, **extra)
        except click.ClickException as error:
            if isinstance(error, click.exceptions.NoArgsIsHelpError) and not as_json:
                error.show()
            else:
                report_usage(console_on(sys.stderr, stderr=True), as_json, error)
            sys.exit(error.exit_code)
        except (click.Abort, KeyboardInterrupt):
            _end(as_json, "Interrupted", "interrupted")
        except OSError as error:
            _end(as_json, type(error).__name__, str(error))
        except Exception as error:  # noqa: BLE001 - this is the last place that can report a defect as JSON
            traceback.print_exc()
            _end(as_json, type(error).__name__, f"this is a defect of moorage, please report it: {error!r}")
        sys.exit(code if isinstance(code, int) else exits.SUCCESS)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, commands in self.sections.items():
            # 4 is the space around the names.
            longest = max([_NAME_WIDTH, *(len(str(command.name)) for command in commands)])
            rows = [
                (str(command.name).ljust(longest), command.get_short_help_str(formatter.width - 4 - longest))
                for command in commands
            ]
            with formatter.section(title):
                formatter.write_dl(rows)


def _asks_for_json(words: Sequence[str]) -> bool:
    """Whether the error is to be JSON. Read from the words, because these may be what is wrong."""
    return "--json" in words or "--output=json" in words or ("--output", "json") in itertools.pairwise(words)


def _end(as_json: bool, kind: str, message: str) -> NoReturn:
    if as_json:
        print_json(kind, message, exits.OTHER)
    else:
        click.echo(f"error: {message}", err=True)
    sys.exit(exits.OTHER)
