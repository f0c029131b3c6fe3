"""What no model needs to import: it runs commands or code, opens connections, files or libraries, or loads pickles.

The list only tells UNSAFE from REVIEW. What is on neither list is for review, so a name that is missing here does not
pass.
"""

from typing import Final

# Modules of which every name is denied, and their submodules with them.
_DENIED_MODULES: Final = (
    # Processes, code, and the interpreter itself.
    "os posix nt subprocess _posixsubprocess _winapi pty commands popen2 sys runpy importlib _frozen_importlib "
    "_frozen_importlib_external imp _imp zipimport pkgutil modulefinder site sysconfig code codeop _pyrepl pyrepl "
    "timeit profile cProfile _lsprof pstats trace pdb bdb cmd doctest unittest test.support test.libregrtest idlelib "
    "lib2to3 pydoc rlcompleter pyclbr cgitb atexit signal _signal faulthandler threading _thread thread sched "
    "asyncio multiprocessing _multiprocessing concurrent _osx_support _aix_support _bootsubprocess venv "
    "ensurepip pip setuptools pkg_resources distutils platform getpass antigravity turtle tkinter pydevd IPython "
    "ipykernel pexpect "
    # Native code and memory.
    "ctypes _ctypes cffi _cffi_backend winreg _winreg msilib mmap "
    # The network.
    "socket _socket ssl _ssl socketserver urllib urllib2 urllib3 http httplib requests httpx aiohttp ftplib telnetlib "
    "smtplib smtpd imaplib poplib nntplib xmlrpc xmlrpclib webbrowser wsgiref paramiko fabric boto3 botocore uuid "
    # Files.
    "shutil tempfile fileinput linecache glob tarfile zipfile gzip bz2 lzma dbm sqlite3 _sqlite3 mailcap pipes "
    # Loaders of pickles, and of other formats that run.
    "pickle _pickle cPickle marshal shelve jsonpickle yaml "
    # Of libraries: what compiles, downloads, opens, or runs text.
    "numpy.testing numpy.f2py numpy.distutils numpy.ctypeslib numpy.compat torch.hub torch.jit torch._dynamo "
    "torch._inductor torch.utils.bottleneck torch.utils.collect_env torch.utils.cpp_extension "
    "torch.utils._config_module torch.distributed.rpc torch.distributed.elastic torch.package torch.fx.graph_module "
    "torch.fx.experimental.symbolic_shapes torch.utils.data.datapipes.utils.decoder "
    "pandas.io.pickle pandas.io.common pandas.io.sql pandas.core.computation logging.config"
)

# Names of modules that have harmless ones as well.
_DENIED_NAMES: Final = (
    "builtins.eval builtins.exec builtins.execfile builtins.compile builtins.open builtins.file builtins.__import__ "
    "builtins.breakpoint builtins.input builtins.raw_input builtins.globals builtins.locals builtins.vars "
    "builtins.setattr builtins.delattr builtins.apply builtins.reload builtins.help "
    "types.CodeType types.FunctionType types.ModuleType new.code new.function new.module "
    "io.open io.open_code io.FileIO _io.open _io.open_code _io.FileIO _pyio.open _pyio.FileIO codecs.open "
    "logging.FileHandler functools.reduce operator.methodcaller "
    "numpy.load numpy.loads numpy.fromfile numpy.lib.npyio.load numpy.lib._npyio_impl.load "
    "numpy.core._ufunc_reconstruct numpy._core._ufunc_reconstruct "
    "torch.load torch.compile torch.serialization.load torch.serialization._load torch.serialization._legacy_load "
    "pandas.read_pickle pandas.eval joblib.load joblib.numpy_pickle.load "
    "cloudpickle.load cloudpickle.loads cloudpickle.cloudpickle.load cloudpickle.cloudpickle.loads "
    "dill.load dill.loads dill._dill.load dill._dill.loads"
)

# Attributes that lead from any object to everything else.
_REACHING: Final = frozenset(
    {
        "__builtins__",
        "__code__",
        "__getattribute__",
        "__globals__",
        "__import__",
        "__loader__",
        "__spec__",
        "__subclasses__",
    }
)
_MODULES: Final = frozenset(_DENIED_MODULES.split())
_NAMES: Final = frozenset(_DENIED_NAMES.split())

# Of the denied modules, those without submodules whose names people also give to packages of their own.
_FLAT: Final = frozenset(
    {"cmd", "code", "commands", "pipes", "platform", "profile", "sched", "signal", "site", "trace"}
)

# A longer path is no real one. Comparing all of its parts would take long.
_MAX_STEPS: Final = 20


def is_denied(module: str, name: str) -> bool:
    """Whether no model needs this import.

    Unpicklers follow a dotted name through attributes, so an allowed module would lend its own imports: ``numpy`` with
    ``os.system`` is as bad as ``os`` with ``system``.
    """
    # What loaders refuse for a space or a line break too many is still what it was meant to be.
    module, steps = module.strip(), name.strip().split(".")[:_MAX_STEPS]
    is_package_of_others = module.partition(".")[0] in _FLAT and "." in module
    if (
        (_is_in_denied_module(module) and not is_package_of_others)
        or f"{module}.{'.'.join(steps)}" in _NAMES
        or not _REACHING.isdisjoint(steps)
    ):
        return True
    return any(
        _is_in_denied_module(".".join(steps[start:-1])) or ".".join(steps[start:]) in _NAMES
        for start in range(len(steps) - 1)
    )


def _is_in_denied_module(path: str) -> bool:
    steps = path.split(".")[:_MAX_STEPS]
    return any(".".join(steps[:upto]) in _MODULES for upto in range(1, len(steps) + 1))
