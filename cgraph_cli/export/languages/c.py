"""C99: math.h only; what it lacks becomes static functions."""

from __future__ import annotations

from cgraph_cli.export.dialect import library
from cgraph_cli.export.job import Job
from cgraph_cli.export.language import Language, texts
from cgraph_cli.graph.graph import Operation
from cgraph_cli.light import ClassVar, Mapping, Sequence

TEXTS = texts("c")


class C(Language):
    """``double f(double x, double y, double gradient[2])`` returns the value."""

    title = "C"
    ascii_only = True
    # Words of C23 and of C++, whose compilers take it too, what compilers predefine, and macros.
    reserved = frozenset((TEXTS["reserved"] + " main found checks expected same").split())
    globals = frozenset(TEXTS["globals"].split()) | frozenset(
        f"{name}{suffix}" for name in TEXTS["globals"].split() for suffix in "fl"
    )
    imports: ClassVar[Mapping[str, str]] = {"": "#include <math.h>", "printf(": "#include <stdio.h>"}
    special: ClassVar[Mapping[str, str]] = {"inf": "INFINITY", "nan": "NAN"}
    functions: ClassVar[Mapping[Operation, str]] = library(
        "sqrt cbrt exp exp2 expm1 log log2 log10 log1p sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh "
        "atanh hypot pow floor ceil erf erfc lgamma round=nearbyint abs=fabs gamma=tgamma"
    )
    types = ("double", "int")
    fixed = "const {type} {name} = {value};"
    variable = "double {name} = {value};"
    parameter = "double {}"
    helper_form = "/* {about} */\nstatic double {name}({parameters})\n{{"
    trailing = ""
    main_form, self_test_form = TEXTS["function"], TEXTS["self-test"]
    undefined = "if (value != value)\n    for (int i = 0; i < $count; i++)\n        gradient[i] = value;"
    unused = "(void){};"
    check_form = '{{"{label}", {expected}, {tolerance}}},'

    def fields(
        self, job: Job, name: str, variables: Mapping[str, str], lines: Sequence[str], gradient: Sequence[str]
    ) -> dict[str, str | list[str]]:
        found = super().fields(job, name, variables, lines, gradient)
        parameters = [self.parameter.format(one) for one in variables.values()]
        if not gradient:
            return {**found, "returned": job.output, "parameters": parameters or ["void"]}
        found["parameters"] = [*parameters, f"double gradient[{len(gradient)}]"]
        found["gradient"] = "\n".join(f"gradient[{position}] = {text};" for position, text in enumerate(gradient))
        return {**found, "returned": f"{job.output}; gradient becomes ({found['labels']})"}

    def given(self, job: Job) -> list[str]:
        return [*super().given(job), *(["found + 1"] if job.wrt else [])]


LANGUAGE = C
