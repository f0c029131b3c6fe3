"""The group of all commands: its help lists them under headings, and ``--json`` holds for wrong usage too."""

from typing import Any

import click

from moorage.cli.problems import report_usage


class SectionedGroup(click.Group):
    """Lists its commands by section, in the order in which they were added."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.sections: dict[str, tuple[click.Command, ...]] = {}
        self._as_json = False

    def add_section(self, title: str, *commands: click.Command) -> None:
        """Add commands under a heading."""
        self.sections[title] = commands
        for command in commands:
            self.add_command(command)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        # Known before the arguments of a subcommand are, since it is these that may be wrong.
        self._as_json = "--json" in args
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a subcommand. With ``--json``, a wrong use of it is reported as JSON too."""
        try:
            return super().invoke(ctx)
        except click.ClickException as error:
            if not self._as_json:
                raise
            report_usage(error)
            ctx.exit(error.exit_code)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        # All sections have the same width, so that they read as one table. 6 is the space that click leaves free.
        longest = max((len(name) for name in self.commands), default=0)
        for title, commands in self.sections.items():
            rows = [
                (str(command.name).ljust(longest), command.get_short_help_str(formatter.width - 6 - longest))
                for command in commands
            ]
            with formatter.section(title):
                formatter.write_dl(rows)
