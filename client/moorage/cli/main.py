"""The command line ``moorage``."""

import click

from moorage.about import __version__
from moorage.cli.access_commands import access, grants, roles, trust
from moorage.cli.audit_commands import audit
from moorage.cli.login_commands import login, logout, whoami
from moorage.cli.model_commands import models
from moorage.cli.pointer_commands import alias, promote, roll_back_stage, stages
from moorage.cli.session import Session
from moorage.cli.token_commands import tokens
from moorage.cli.transfer_commands import download, register, resume
from moorage.cli.version_commands import annotate, delete, show, versions
from moorage.cli.webhook_commands import webhooks
from moorage.client import Client


@click.group("moorage", context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="moorage")
@click.option("--url", envvar="MOORAGE_URL", help="The registry's address.  [env: MOORAGE_URL]")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document on stdout.")
@click.pass_context
def main(context: click.Context, url: str | None, as_json: bool) -> None:
    """A model registry in your own AWS account.

    Things are named MODEL, MODEL/3 or MODEL@champion. The token comes from MOORAGE_TOKEN or from
    'moorage login'.

    Exit codes: 0 done, 1 other error, 2 usage, 3 not found, 4 denied, 5 conflict, 6 invalid input,
    7 registry or storage unavailable, 8 integrity.
    """
    # A caller of main() may pass its own way to make a client as the context's object.
    context.obj = Session(json=as_json, url=url, connect=context.obj or Client)


for entry in (
    login,
    logout,
    whoami,
    models,
    register,
    resume,
    versions,
    show,
    annotate,
    delete,
    download,
    alias,
    promote,
    roll_back_stage,
    stages,
    webhooks,
    tokens,
    roles,
    grants,
    trust,
    access,
    audit,
):
    main.add_command(entry)
