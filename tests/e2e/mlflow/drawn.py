"""What the calls of the differential test are drawn from: mostly what is there, some of what cannot be."""

from typing import Final

from hypothesis import strategies as st

PROMPT: Final = "p"
MODELS: Final = ("a", "b", "c é", "d's")
MODEL: Final = st.sampled_from(MODELS)
SHORT: Final = st.sampled_from([*MODELS, PROMPT])
IS_PROMPT: Final = "mlflow.prompt.is_prompt"
PROMPTS: Final = f"tags.`{IS_PROMPT}` = 'true'"
BAD_NAME: Final = st.sampled_from(["", "  ", "x/y", "x:y", ".", "..", "never there"])
VERSION: Final = st.sampled_from(["1", "1", "1", "2", "2", "3", "3", "01", "4", "7", "0", "-1", "x", "1.5", ""])
GOOD_ALIAS: Final = st.sampled_from(["champion", "Champion", "été", "7", "a-b_c"])
BAD_ALIAS: Final = st.sampled_from(["latest", "LATEST", "v1", "V22", "", "a b", "x" * 256])
ALIAS: Final = st.one_of(GOOD_ALIAS, GOOD_ALIAS, BAD_ALIAS)
UNKNOWN_STAGE: Final = "Live"
GOOD_STAGE: Final = st.sampled_from(["None", "Staging", "Production", "Archived", "staging", "PRODUCTION"])
STAGE: Final = st.one_of(GOOD_STAGE, GOOD_STAGE, GOOD_STAGE, st.sampled_from([UNKNOWN_STAGE, ""]))
GOOD_KEY: Final = st.sampled_from(["team", "team.name", "a/b", "k é", "with:colon"])
KEY: Final = st.one_of(GOOD_KEY, GOOD_KEY, GOOD_KEY, st.sampled_from(["", "a//b", "../x", "a+b", "k" * 251]))
VALUE: Final = st.sampled_from(["", "risk", "Risk", "r_sk", "50%", "'quoted'", "x" * 4999, "ü\n\U0001f600"])
TAGS: Final = st.lists(st.fixed_dictionaries({"key": GOOD_KEY, "value": VALUE}), max_size=3)
DESCRIPTION: Final = st.sampled_from(["", "good", "better ü"])
GOOD_SOURCE: Final = st.sampled_from(["s3://bucket/model", "gs://bucket/a b", "dbfs:/models/1"])
SOURCE: Final = st.one_of(
    GOOD_SOURCE,
    GOOD_SOURCE,
    GOOD_SOURCE,
    st.sampled_from(
        [
            "",
            "/etc/passwd",
            "model",
            "file:///etc/passwd",
            "http://127.0.0.1/model",
            "https://example.com/model",
            "ftp://example.com/model",
            "s3://bucket/../other",
            "s3://bucket/%2e%2e/other",
            "s3://bucket/a%00b",
            "runs:/0123456789abcdef0123456789abcdef/model",
            "models:/m-0123456789abcdef0123456789abcdef",
            "mlflow-artifacts:/0/model",
        ]
    ),
)
# Not that of the source: MLflow's server takes its word for a run's files, without having the run.
RUN: Final = st.sampled_from(["", "fedcba9876543210fedcba9876543210", "run 7"])
MALFORMED: Final = st.sampled_from(
    [
        ("POST", "registered-models/create", {}),
        ("POST", "registered-models/create", {"name": 7}),
        ("POST", "registered-models/create", {"name": None}),
        ("POST", "registered-models/create", {"name": "typed", "tags": "team"}),
        ("POST", "registered-models/create", {"name": "typed", "description": 5}),
        ("GET", "registered-models/get", {}),
        ("GET", "registered-models/search", {"max_results": 1001}),
        ("GET", "registered-models/search", {"max_results": "many"}),
        ("GET", "registered-models/search", {"page_token": "!"}),
        ("GET", "registered-models/search", {"filter": "name = unquoted"}),
        ("GET", "registered-models/search", {"filter": "colour = 'red'"}),
        ("GET", "registered-models/search", {"filter": "name > 'a'"}),
        ("GET", "registered-models/search", {"filter": "name = 'a' OR name = 'b'"}),
        ("GET", "registered-models/search", {"filter": "tags.a IS NULL"}),
        ("GET", "registered-models/search", {"order_by": ["creation_timestamp"]}),
        ("GET", "registered-models/search", {"order_by": ["name", "name DESC"]}),
        ("GET", "registered-models/search", {"order_by": ["name sideways"]}),
        ("GET", "model-versions/search", {"max_results": 0}),
        ("GET", "model-versions/search", {"max_results": 200001}),
        ("GET", "model-versions/search", {"filter": "version_number = 1.5"}),
        ("GET", "model-versions/search", {"filter": "version_number LIKE '1'"}),
        ("GET", "model-versions/search", {"filter": "run_id IN ()"}),
        ("GET", "model-versions/search", {"filter": "tags.a > 'b'"}),
        ("GET", "model-versions/search", {"filter": "current_stage = 'None'"}),
        ("GET", "model-versions/search", {"order_by": ["source_path"]}),
        ("POST", "model-versions/create", {"name": "x"}),
        ("POST", "model-versions/create", {"source": "s3://b/m"}),
        ("GET", "model-versions/get", {"name": "x"}),
        ("POST", "model-versions/transition-stage", {"name": "x", "version": 1, "stage": "None"}),
        ("POST", "model-versions/transition-stage", {"name": "x", "version": "1"}),
        ("DELETE", "model-versions/delete", {"name": "x", "version": 1}),
        ("POST", "registered-models/alias", {"name": "x", "alias": "a"}),
        ("DELETE", "registered-models/delete-tag", {"name": "x"}),
        ("POST", "registered-models/get-latest-versions", {"name": "x", "stages": "None"}),
    ]
)
# Of what is searched for: {} is the beginning of all names of a run.
MODEL_CONDITIONS: Final = st.sampled_from(
    [
        'name = "{}a"',
        'name != "{}a"',
        "name LIKE '%a'",
        "name ILIKE '%A'",
        "name LIKE '%_ é'",
        'name IN ("{}a", "{}b")',
        'name NOT IN ("{}a", "{}p")',
        "tags.team = 'risk'",
        "tags.team != 'risk'",
        "tags.team ILIKE 'R%'",
        "tags.team LIKE 'r_sk'",
        "tag.`team.name` LIKE '%'",
        "tags.`a/b` = ''",
        PROMPTS,
        f"tags.`{IS_PROMPT}` != 'true'",
    ]
)
VERSION_CONDITIONS: Final = st.one_of(
    MODEL_CONDITIONS,
    st.sampled_from(
        [
            "run_id = 'run 7'",
            "run_id LIKE 'run%'",
            "run_id IN ('run 7', 'none')",
            "source_path = 's3://bucket/model'",
            "source_path LIKE 's3://%'",
            "source_path ILIKE 'GS://%'",
            'name = "{}a" AND version_number >= 2',
            'name = "{}b" and version_number < 3',
            'name = "{}b" AND version_number != 1',
        ]
    ),
)
MODEL_ORDERS: Final = st.sampled_from(
    [[], ["name DESC"], ["timestamp"], ["last_updated_timestamp   desc", "name DESC"]]
)
VERSION_ORDERS: Final = st.sampled_from(
    [
        [],
        ["name"],
        ["name DESC", "version_number ASC"],
        ["version_number desc"],
        ["creation_timestamp DESC"],
        ["last_updated_timestamp ASC"],
        ["`name`", "last_updated_timestamp DESC"],
    ]
)
