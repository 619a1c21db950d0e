"""What the document cannot know: sessions, files and columns that exist, so that requests get behind the first checks."""

import json
import os

import schemathesis
from hypothesis import strategies as st

KNOWN = json.loads(os.environ["FUZZ_DATA"])
TRAINED, DRAFTS, DOOMED = KNOWN["trained"], KNOWN["drafts"], KNOWN["doomed"]
FILES, DOOMED_FILES = KNOWN["files"][:2], KNOWN["files"][2:]
OTHERS = [KNOWN["foreign"], "session_1_nobody", "00000000-0000-4000-8000-000000000000"]

# these change what a session holds, so they never meet the trained one
CHANGING = ("save-time-info", "save-zeitschritte", "finalize-session", "upload-chunk", "cancel-upload", "csv-files", "session-name-change")

ZEITSCHRITTE = {"eingabe": "13", "ausgabe": "13", "zeitschrittweite": "60", "offset": "0"}
MODES = ["LIN", "Dense", "CNN", "LSTM", "AR LSTM", "SVR_dir", "SVR_MIMO", "dense", "", "no such mode", None, 7]
numbers = st.one_of(st.floats(-1e6, 1e6), st.integers(-5, 5), st.none(), st.sampled_from(["1,5", "x", ""]))


def session_ids(path):
    if path.endswith("/delete"):
        return DOOMED + OTHERS
    if any(name in path for name in CHANGING):
        return DRAFTS * 3 + OTHERS
    return TRAINED * 3 + DRAFTS + OTHERS


def file_ids(method):
    return DOOMED_FILES if method.upper() == "DELETE" else FILES


def parameters():
    return st.fixed_dictionaries(
        {"MODE": st.sampled_from(MODES)},
        optional={
            "EP": st.sampled_from([1, "2", 0, 2.5]),
            "N": st.sampled_from([2, "4", -1]),
            "LAY": st.sampled_from([1, 17]),
            "ACTF": st.sampled_from(["ReLU", "None", "nothing"]),
            "C": numbers,
            "EPSILON": numbers,
            "K": st.sampled_from([2, 3, 5000]),
        },
    )


def rows(width):
    return st.lists(st.lists(numbers, min_size=width, max_size=width), min_size=1, max_size=4)


def switches(names):
    return st.dictionaries(st.sampled_from([*names, "no such column"]), st.booleans(), max_size=3)


def metadata():
    return st.fixed_dictionaries(
        {
            "sessionId": st.sampled_from(DRAFTS * 4 + OTHERS),
            "fileName": st.sampled_from(["a.csv", "b.csv", "../c.csv", "", "ä" * 300]),
            "chunkIndex": st.sampled_from([0, 0, "1", 2, -1, 1.5]),
            "totalChunks": st.sampled_from([1, "2", 3, 0, 10001]),
        },
        optional={"fileType": st.sampled_from(["input", "output", "both"]), "bezeichnung": st.text(max_size=5)},
    ).map(json.dumps)


def realistic(path):
    """Fields of a body that fit what is there, by route."""
    if "train-models" in path:
        split = st.sampled_from([{}, {"trainPercentage": 60, "valPercentage": 20, "testPercentage": 20}, {"seed": -1}, {"random_dat": True}])
        return st.fixed_dictionaries({"model_parameters": parameters()}, optional={"training_split": split})
    if "predict" in path:
        steps, width = KNOWN["window"]
        window = st.lists(st.lists(numbers, min_size=width, max_size=width), min_size=steps, max_size=steps)
        return st.fixed_dictionaries({"input_data": st.one_of(window, st.lists(window, max_size=2))})
    if "scale-data" in path:
        return st.fixed_dictionaries({"input_data": rows(KNOWN["window"][1]), "save_scaled": st.booleans()})
    if "generate-plot" in path:
        settings = st.fixed_dictionaries({"num_sbpl": st.sampled_from([1, 2, 0, "3"])}, optional={"seed": st.integers(-1, 9)})
        return st.fixed_dictionaries(
            {"session_id": st.sampled_from(TRAINED), "plot_settings": settings},
            optional={"df_plot_in": switches(KNOWN["inputs"]), "df_plot_out": switches(KNOWN["outputs"]), "df_plot_fcst": switches(KNOWN["outputs"])},
        )
    if "upload-chunk" in path:
        return st.fixed_dictionaries({"metadata": metadata(), "chunk": st.binary(max_size=64)})
    if "csv-files/" in path:
        return st.fixed_dictionaries({"bezeichnung": st.text(max_size=5), "skalierung": st.sampled_from(["ja", "nein", "", "vielleicht"])})
    if "save-zeitschritte" in path:
        return st.just({"zeitschritte": ZEITSCHRITTE})
    if "save-evaluation-tables" in path:
        table = st.dictionaries(st.sampled_from(["MAE", "RMSE", "n"]), numbers, min_size=1, max_size=2)
        return st.fixed_dictionaries({"df_eval": table}, optional={"df_eval_ts": table, "model_type": st.sampled_from(MODES)})
    return st.just({})


@schemathesis.hook
def before_load_schema(context, raw_schema):
    """Examples are what the coverage phase builds its requests around."""
    for path, methods in raw_schema["paths"].items():
        for method, operation in methods.items():
            for parameter in operation.get("parameters", []):
                if parameter["name"] == "session_id":
                    parameter["examples"] = {"known": {"value": session_ids(path)[0]}}
                elif parameter["name"] == "id" and parameter["in"] == "path":
                    known = DRAFTS[0] if operation["operationId"] == "getCsvFiles" else file_ids(method)[0]
                    parameter["examples"] = {"known": {"value": known}}
                elif parameter["name"] == "model_id":
                    parameter["examples"] = {"known": {"value": KNOWN["model"]}}
                elif parameter["name"] == "filename":
                    parameter["examples"] = {"known": {"value": KNOWN["modelFile"]}}


@schemathesis.hook
def flatmap_path_parameters(context, path_parameters):
    operation = context.operation
    path_parameters = path_parameters or {}
    if "session_id" in path_parameters:
        return st.sampled_from(session_ids(operation.path)).map(lambda one: {**path_parameters, "session_id": one}) | st.just(path_parameters)
    if "id" in path_parameters:
        known = DRAFTS + OTHERS if operation.method.upper() == "GET" else file_ids(operation.method)
        return st.sampled_from(known).map(lambda one: {**path_parameters, "id": one}) | st.just(path_parameters)
    return st.just(path_parameters)


@schemathesis.hook
def flatmap_body(context, body):
    path = context.operation.path
    if not isinstance(body, dict):
        return st.just(body)
    known = [{key: one} for key in ("sessionId", "session_id") if key in body for one in session_ids(path)]
    sessions = st.sampled_from(known or [{}])
    fitting = st.tuples(sessions, realistic(path))
    # beside what the schema gave, alone, or not at all
    return fitting.map(lambda parts: {**body, **parts[0], **parts[1]}) | fitting.map(lambda parts: {**parts[0], **parts[1]}) | st.just(body)


def small(parameters):
    """Networks that train in a second: valid sizes are made small, invalid ones stay what they are."""
    for key, most in (("EP", 2), ("N", 8), ("LAY", 2)):
        value = parameters.get(key)
        if isinstance(value, (int, float)) and not isinstance(value, bool) and value > most and value == int(value):
            parameters[key] = most
    return {"EP": 2, "N": 8, "LAY": 1, **parameters}


def spare(path, case):
    """schemathesis also sends ids it has seen in answers: nothing may delete the sessions all requests use, or change the trained one.
    (Another dataset replaces the one a run was trained on, whose arrays are then 503, as the contract says.)"""
    named = case.path_parameters or {}
    if path.endswith("/delete") and named.get("session_id") in TRAINED + DRAFTS:
        named["session_id"] = DOOMED[0]
    if any(name in path for name in CHANGING):
        holders = [named] + ([case.body] if isinstance(case.body, dict) else [])
        for holder in holders:
            for key in ("session_id", "sessionId"):
                if holder.get(key) in TRAINED:
                    holder[key] = DRAFTS[0]
    kept = KNOWN["trainedFiles"] + (FILES if case.method.upper() == "DELETE" else [])
    if case.method.upper() in ("PUT", "DELETE") and named.get("id") in kept:
        named["id"] = file_ids(case.method)[0]


@schemathesis.hook
def before_call(context, case, kwargs):
    path = case.operation.path
    spare(path, case)
    if "train-models" in path and isinstance(case.body, dict) and isinstance(case.body.get("model_parameters"), dict):
        case.body["model_parameters"] = small(case.body["model_parameters"])
    if case.query and "wait" in case.query:
        try:
            seconds = float(case.query["wait"])
        except (TypeError, ValueError):
            return
        if 0 <= seconds <= 600:
            case.query["wait"] = 0
    elif "generate-datasets" in path:
        case.query = {**(case.query or {}), "wait": 0}
