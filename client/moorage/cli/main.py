"""The command line ``moorage``."""

import click

from moorage.about import __version__
from moorage.cli.access_commands import access, grants, roles, trust
from moorage.cli.audit_commands import audit
from moorage.cli.bom_commands import bom
from moorage.cli.cache_commands import cache
from moorage.cli.card_commands import card
from moorage.cli.comment_commands import changes, comment
from moorage.cli.comparison_commands import challenger, compare
from moorage.cli.completion_commands import completion
from moorage.cli.deployment_commands import deployments
from moorage.cli.doctor_commands import doctor
from moorage.cli.evidence_commands import checks, evaluations
from moorage.cli.evidence_file_commands import evidence
from moorage.cli.import_commands import import_group
from moorage.cli.init_commands import init
from moorage.cli.lifecycle_commands import (
    as_of,
    deleted,
    freeze,
    hold,
    lock,
    release,
    restore,
    retention,
    unfreeze,
    unlock,
)
from moorage.cli.lineage_commands import descendants, lineage, recipe, unstate
from moorage.cli.login_commands import login, logout, whoami
from moorage.cli.model_commands import models
from moorage.cli.monitor_commands import monitors
from moorage.cli.overview_commands import overview
from moorage.cli.pointer_commands import alias, roll_back_stage, stages
from moorage.cli.proving_commands import statements, verify
from moorage.cli.quota_commands import quotas
from moorage.cli.request_commands import inbox, requests
from moorage.cli.scan_commands import scan
from moorage.cli.schedule_commands import schedules
from moorage.cli.scheme_commands import schemes
from moorage.cli.search_commands import best, leaderboard, search, series
from moorage.cli.sections import SectionedGroup
from moorage.cli.serving_commands import package, serve
from moorage.cli.session import CSV, JSON, TABLE, Session, chosen_output
from moorage.cli.session_commands import sessions
from moorage.cli.signing_commands import sign, signatures, signers
from moorage.cli.target_commands import targets
from moorage.cli.token_commands import tokens
from moorage.cli.transfer_commands import download, register, resume
from moorage.cli.transition_commands import explain, override, promote
from moorage.cli.usage_commands import usage
from moorage.cli.version_commands import annotate, delete, files, show, versions
from moorage.cli.vulnerability_commands import vulnerabilities
from moorage.cli.webhook_commands import webhooks
from moorage.client import Client


@click.group("moorage", cls=SectionedGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="moorage")
@click.option(
    "--url",
    envvar="MOORAGE_URL",
    help="The registry's address, by default that of the saved login.  [env: MOORAGE_URL]",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --output json.")
@click.option("--output", type=click.Choice((TABLE, JSON, CSV)), help="The form of the result; csv for lists.")
@click.pass_context
def main(context: click.Context, url: str | None, as_json: bool, output: str | None) -> None:
    """A model registry in your own AWS account.

    Name a model as MODEL, and a version as MODEL/3, by an alias as MODEL@champion, or the newest one that is READY as
    MODEL@latest. The token comes from MOORAGE_TOKEN or from 'moorage login'.

    Exit codes: 0 success, 1 other error, 2 wrong usage or no login, 3 not found, 4 access denied, 5 conflict,
    6 invalid input, 7 registry or storage unavailable, 8 integrity check failed.
    """
    # A caller of main() may pass its own function that creates a client as the context's object.
    context.obj = Session(output=chosen_output(output, as_json) or TABLE, url=url, connect=context.obj or Client)


main.add_section("Set up", login, logout, whoami, init, doctor, completion)
main.add_section(
    "Models and versions",
    models,
    register,
    resume,
    versions,
    overview,
    show,
    files,
    annotate,
    download,
    delete,
    import_group,
)
main.add_section("Serving", package, serve)
main.add_section("This machine", cache)
main.add_section("Search", search, best, series, leaderboard)
main.add_section("Evidence", checks, evaluations, evidence, vulnerabilities, compare, card, bom, comment)
main.add_section("Signatures", sign, signatures, signers, statements, verify)
main.add_section("Lineage", lineage, descendants, recipe, unstate)
main.add_section("Stages and aliases", alias, challenger, stages, promote, explain, roll_back_stage, override)
main.add_section("Deployments", targets, deployments)
main.add_section("Monitoring", monitors)
main.add_section("Governance", schemes, requests, inbox, freeze, unfreeze, lock, unlock)
main.add_section("Scans and quarantine", scan)
main.add_section("Deletion and retention", retention, deleted, restore, hold, release)
main.add_section("History and audit", changes, as_of, usage, audit)
main.add_section("Administration", tokens, sessions, roles, grants, trust, access, quotas)
main.add_section("Automation", webhooks, schedules)
