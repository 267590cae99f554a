"""C99: math.h only; what it lacks becomes static functions."""

from __future__ import annotations

from cgraph_cli.export.dialect import library
from cgraph_cli.export.job import Job
from cgraph_cli.export.language import Language, forms
from cgraph_cli.graph.graph import Operation
from cgraph_cli.light import ClassVar, Mapping, Sequence

KEYWORDS = """
auto break case char const continue default do double else enum extern float for goto if inline int long register
restrict return short signed sizeof static struct switch typedef union unsigned void volatile while _Alignas _Alignof
_Atomic _Bool _Complex _Generic _Imaginary _Noreturn _Static_assert _Thread_local _BitInt _Decimal128 _Decimal32
_Decimal64 alignas alignof bool constexpr false nullptr static_assert thread_local true typeof typeof_unqual asm
fortran linux unix i386 and and_eq bitand bitor catch class compl const_cast delete dynamic_cast explicit export
friend mutable namespace new not not_eq operator or or_eq private protected public reinterpret_cast static_cast
template this throw try typeid typename using virtual wchar_t xor xor_eq
"""  # C23, C++ (so that a C++ compiler takes it too) and what compilers predefine
MACROS = """
NAN INFINITY HUGE_VAL HUGE_VALF HUGE_VALL FP_NAN FP_INFINITE FP_ZERO FP_SUBNORMAL FP_NORMAL FP_ILOGB0 FP_ILOGBNAN
FP_FAST_FMA FP_FAST_FMAF FP_FAST_FMAL MATH_ERRNO MATH_ERREXCEPT math_errhandling M_E M_LOG2E M_LOG10E M_LN2 M_LN10
M_PI M_PI_2 M_PI_4 M_1_PI M_2_PI M_2_SQRTPI M_SQRT2 M_SQRT1_2 MAXFLOAT DOMAIN SING OVERFLOW UNDERFLOW PLOSS TLOSS
X_TLOSS isnan isinf isfinite isnormal signbit fpclassify isgreater isgreaterequal isless islessequal islessgreater
isunordered NULL EOF BUFSIZ FILENAME_MAX FOPEN_MAX L_tmpnam L_ctermid P_tmpdir RAND_MAX SEEK_CUR SEEK_END SEEK_SET
TMP_MAX stdin stdout stderr I complex imaginary
"""
FUNCTIONS = """
acos asin atan atan2 cos sin tan acosh asinh atanh cosh sinh tanh exp exp2 expm1 frexp ilogb ldexp log log10 log1p
log2 logb modf scalbn scalbln cbrt fabs hypot pow sqrt erf erfc lgamma tgamma gamma ceil floor nearbyint rint lrint
llrint round lround llround trunc fmod remainder remquo copysign nan nextafter nexttoward fdim fmax fmin fma j0 j1 jn
y0 y1 yn scalb significand drem finite exp10 pow10 sincos signgam exp2m1 exp10m1 log2p1 log10p1 logp1 rsqrt rootn
compoundn pown powr sinpi cospi tanpi asinpi acospi atanpi atan2pi roundeven fmaximum fminimum fromfp ufromfp
canonicalize fadd fsub fmul fdiv fsqrt ffma daddl dsubl dmull ddivl dsqrtl dfmal totalorder getpayload setpayload
llogb nextup nextdown abs labs div main printf puts index
"""


class C(Language):
    """``double f(double x, double y, double gradient[2])`` returns the value."""

    title = "C"
    ascii_only = True
    reserved = frozenset((KEYWORDS + MACROS + " main found checks expected same").split())
    globals = frozenset(FUNCTIONS.split()) | frozenset(
        f"{name}{suffix}" for name in FUNCTIONS.split() for suffix in "fl"
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
    main_form, self_test_form = forms("c")
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
