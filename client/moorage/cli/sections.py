"""A group whose help lists its commands under headings."""

from typing import Any

import click


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
