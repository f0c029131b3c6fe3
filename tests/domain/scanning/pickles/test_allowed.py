"""What is allowed, denied and unknown."""

import pytest

from chalicelib.domain.scanning.pickles.allowed.entry import Use
from chalicelib.domain.scanning.pickles.allowed.table import ALLOWED
from chalicelib.domain.scanning.pickles.calls import called
from chalicelib.domain.scanning.pickles.denied import is_denied
from chalicelib.domain.scanning.pickles.imports import judge
from chalicelib.domain.scanning.pickles.values import Plain
from chalicelib.domain.scanning.verdict import Verdict
from tests.domain.scanning.pickles.assembler import Assembly, dtype
from tests.domain.scanning.pickles.scanned import codes, scanned

# Ways to call, to reach attributes or to import that are general: none of them may ever be allowed.
GADGETS = {
    ("builtins", "getattr"),
    ("builtins", "map"),
    ("builtins", "filter"),
    ("builtins", "type"),
    ("builtins", "super"),
    ("builtins", "property"),
    ("functools", "partial"),
    ("functools", "reduce"),
    ("operator", "attrgetter"),
    ("operator", "itemgetter"),
    ("operator", "methodcaller"),
    ("_operator", "attrgetter"),
    ("itertools", "starmap"),
    ("copyreg", "__newobj_ex__"),
    ("torch._utils", "_rebuild_from_type_v2"),
    ("torch._tensor", "_rebuild_from_type_v2"),
    ("torch.storage", "_load_from_bytes"),
    ("numpy.core", "_ufunc_reconstruct"),
    ("numpy._core", "_ufunc_reconstruct"),
    ("sklearn.metrics._dist_metrics", "PyFuncDistance64"),
    ("joblib.numpy_pickle", "NDArrayWrapper"),
    # A transformer would call it with a path when the model is used.
    ("numpy", "memmap"),
}


def test_no_general_way_to_call_is_allowed() -> None:
    assert not GADGETS & ALLOWED.keys()


def test_of_denied_modules_only_ids_of_python_and_marks_of_torchscript_are_allowed() -> None:
    denied = {pair for pair in ALLOWED if is_denied(*pair)}
    assert denied - {("uuid", "UUID")} == {pair for pair in ALLOWED if pair[0] == "torch.jit._pickle"}


def test_what_an_import_takes_is_allowed_itself() -> None:
    """Otherwise the list would name what no pickle can hand over."""
    paths = {".".join(pair) for pair in ALLOWED}
    assert {taken for entry in ALLOWED.values() for taken in entry.takes} <= paths


def test_only_exact_pairs_are_allowed() -> None:
    for module, name in ALLOWED:
        for near in ((f"{module}.more", name), (module, f"{name}.more"), (f" {module}", name), (module.upper(), name)):
            assert judge(*near, 4)[1] is not Verdict.CLEAN


def test_what_may_only_be_named_or_created_is_not_called() -> None:
    for pair, entry in ALLOWED.items():
        if not entry.uses & Use.CALLED:
            found, verdict = judge(*pair, 4)
            assert verdict is Verdict.CLEAN
            assert called(found, ()) is None


def test_nothing_takes_an_import_that_is_not_named_for_it() -> None:
    other, _ = judge("xgboost.core", "Booster", 4)
    for pair, entry in ALLOWED.items():
        # It creates an instance of what it takes, and does not call it.
        if entry.uses & Use.CALLED and pair != ("copyreg", "__newobj__"):
            assert called(judge(*pair, 4)[0], (other,)) is None


@pytest.mark.parametrize(
    ("module", "name", "denied"),
    [
        ("os", "system", True),
        ("os.path", "join", True),
        ("osmium", "Model", False),
        ("numpy", "os.system", True),
        ("sklearn.base", "clone.__globals__", True),
        ("collections", "OrderedDict", False),
        ("numpy.testing._private.utils", "runstring", True),
        ("my.os", "thing", False),
        ("code", "InteractiveInterpreter.runcode", True),
        ("code.models.unet", "UNet", False),
        ("code.models", "os.system", True),
        ("numpy", "code.interact.mro", True),
        ("", "", False),
        ("a" * 10_000, "b." * 10_000, False),
    ],
)
def test_denied_are_modules_with_what_is_in_them_and_what_is_reached_through_others(
    module: str, name: str, denied: bool
) -> None:
    assert is_denied(module, name) is denied


@pytest.mark.parametrize(("protocol", "verdict"), [(2, Verdict.CLEAN), (3, Verdict.REVIEW)])
def test_names_of_python_2_are_translated_where_unpicklers_do_so(protocol: int, verdict: Verdict) -> None:
    content = Assembly(protocol).imports("__builtin__", "set").empty_list().single().call().stop()
    assert scanned(content).verdict is verdict


def test_a_class_is_created_without_arguments_by_copyreg_from_object() -> None:
    assembly = Assembly(2).imports("copy_reg", "_reconstructor").imports("xgboost.core", "Booster")
    content = assembly.imports("__builtin__", "object").none().triple().call().empty_dictionary().build().stop()
    assert scanned(content).verdict is Verdict.CLEAN


def _with_state(assembly: Assembly, attribute: str) -> Assembly:
    """A layer whose state has an attribute that is a type, which its holder can call."""
    assembly.imports("torch.nn.modules.linear", "Identity").empty_tuple().create()
    return assembly.empty_dictionary().text(attribute).imports("collections", "OrderedDict").set_item().build()


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("builtins", "dict"),
        ("builtins", "str"),
        ("collections", "defaultdict"),
        ("collections", "OrderedDict"),
        ("numpy.random._pickle", "__generator_ctor"),
        ("numpy.random._pickle", "__randomstate_ctor"),
    ],
)
def test_an_instance_with_a_state_is_not_handed_to_what_calls_it_or_its_methods(module: str, name: str) -> None:
    """``dict`` calls the ``keys`` of an instance, and a constructor of generators its second argument."""
    called_with = _with_state(Assembly().imports(module, name).mark(), "keys").tuple().call().stop()
    assert codes(scanned(called_with)) == {"unexpected_call"}
    plain = Assembly().imports(module, name).mark().imports("torch.nn.modules.linear", "Identity").empty_tuple()
    assert scanned(plain.create().tuple().call().stop()).verdict is Verdict.CLEAN


def test_a_generator_of_numpy_is_made_of_its_bits() -> None:
    bits = Assembly().imports("numpy.random._pickle", "__generator_ctor")
    bits.imports("numpy.random._pickle", "__bit_generator_ctor").text("PCG64").single().call()
    content = bits.empty_dictionary().text("has_uint32").integer(0).set_item().build().single().call().stop()
    assert scanned(content).verdict is Verdict.CLEAN


@pytest.mark.parametrize(
    ("module", "name"), [("torch.nn.functional", "relu"), ("torch._C._nn", "gelu"), ("torch", "tanh")]
)
def test_a_layer_remembers_its_activation_and_loading_does_not_call_it(module: str, name: str) -> None:
    layer = Assembly().imports("torch.nn.modules.transformer", "TransformerEncoderLayer").empty_tuple().create()
    layer.empty_dictionary().text("activation").imports(module, name).set_item().build()
    assert scanned(layer.stop()).verdict is Verdict.CLEAN
    assert codes(scanned(Assembly().imports(module, name).integer(1).single().call().stop())) == {"unexpected_call"}


@pytest.mark.parametrize(
    ("module", "name", "expected"),
    [
        ("torch.nn.modules.linear", "Linear", set()),
        ("my.layers", "Linear", {"unknown_import"}),
        ("os", "system", {"denied_import"}),
    ],
)
def test_a_class_with_its_source_stands_for_itself(module: str, name: str, expected: set[str]) -> None:
    """As torch.save wrote modules before 1.6: it compares the source with the installed one."""
    assembly = Assembly(2).mark().text("module").imports(module, name).text("linear.py").text("class Linear: ...")
    content = assembly.tuple().raw(b"Q").empty_tuple().create().empty_dictionary().build().stop()
    assert codes(scanned(content)) == expected


@pytest.mark.parametrize("attribute", ["__array_interface__", "__class__"])
@pytest.mark.parametrize("with_slots", [False, True])
def test_no_state_sets_what_python_or_numpy_look_for(attribute: str, with_slots: bool) -> None:
    """``__array_interface__`` would make an array of any memory, and slots set ``__class__``."""
    assembly = Assembly().imports("argparse", "Namespace").empty_tuple().create()
    assembly.none() if with_slots else assembly
    assembly.empty_dictionary().text(attribute).imports("xgboost.core", "Booster").set_item()
    content = (assembly.pair() if with_slots else assembly).build().stop()
    assert codes(scanned(content)) == {"unexpected_state"}


def test_no_name_of_an_attribute_is_put_together_while_loading() -> None:
    assembly = Assembly().imports("types", "SimpleNamespace").empty_tuple().call().empty_dictionary()
    assembly.imports("builtins", "str").content(b"__array_interface__").text("ascii").pair().call()
    assert codes(scanned(assembly.none().set_item().build().stop())) == {"unexpected_state"}


def test_a_namespace_gets_its_attributes_from_its_state_only() -> None:
    """Since Python 3.13 it takes a dictionary of them."""
    given = Assembly().imports("types", "SimpleNamespace").empty_dictionary().single().call().stop()
    assert codes(scanned(given)) == {"unexpected_call"}
    built = Assembly().imports("types", "SimpleNamespace").empty_tuple().call().empty_dictionary()
    assert scanned(built.text("lr").integer(1).set_item().build().stop()).verdict is Verdict.CLEAN


def test_numbers_are_not_made_to_be_pointers() -> None:
    """NumPy takes the address of a scalar with this flag for its content."""
    assert codes(scanned(dtype(Assembly(), "f8", flags=0x04).stop())) == {"unexpected_state"}


def test_what_was_reported_once_is_not_reported_for_all_that_follows_from_it() -> None:
    content = Assembly().runs("my.models", "Model").empty_dictionary().build().none().append().stop()
    assert [reason.code for reason in scanned(content).reasons] == ["unknown_import"]


def test_the_result_of_an_unknown_call_is_not_called_silently() -> None:
    found, _ = judge("my.models", "Model", 4)
    assert called(found, ()) is Plain.UNKNOWN


def test_a_state_is_looked_at_in_bounded_time() -> None:
    """One long tuple as the state of many instances: each would be looked through."""
    long, many = 20_000, 20_000
    content = b"\x80\x04cargparse\nNamespace\nq\x010(" + b"N" * long + b"tq\x020" + b"h\x01)\x81h\x02b0" * many + b"N."
    assert codes(scanned(content)) == {"unexpected_state"}


def test_entries_with_underscores_are_no_attributes_in_dictionaries_of_python() -> None:
    """State dictionaries of PyTorch and options have such names."""
    ordered = (
        Assembly().imports("collections", "OrderedDict").empty_tuple().call().text("__version__").none().set_item()
    )
    assert scanned(ordered.stop()).verdict is Verdict.CLEAN
    assert scanned(Assembly().empty_dictionary().text("__version__").none().set_item().stop()).verdict is Verdict.CLEAN


def test_a_list_is_the_state_of_a_dataclass_with_slots_and_of_nothing_else() -> None:
    options = ("torch.nn.modules.linear_cross_entropy_options", "LinearCrossEntropyOptions")
    layer = ("torch.nn.modules.linear", "Identity")

    def found(module: str, name: str, *, named: bool = False) -> set[str]:
        created = Assembly().imports(module, name).empty_tuple().create()
        state = created.empty_dictionary().text("__class__").none().set_item() if named else created.empty_list()
        return codes(scanned(state.build().stop()))

    assert found(*options) == set()
    assert found(*layer) == found(*options, named=True) == {"unexpected_state"}
