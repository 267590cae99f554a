// Numbers as text: the same characters as cgraph prints. The constants are those of numbers.py.

// The sign, the digits and the decimal exponent of a finite number: all that tell it from others, or so many of them,
// rounded half to even.
function decimal(value, count) {
    const negative = value < 0 || Object.is(value, -0);
    const size = Math.abs(value);
    let text = count === undefined ? size.toExponential() : size.toExponential(count - 1);
    if (count !== undefined && size !== 0) {
        const exact = size.toExponential(Math.min(count + 50, 100));
        const all = exact.split("e")[0].replace(".", "");
        if (/^50*$/.test(all.slice(count)) && "02468".includes(all[count - 1])) {
            text = `${all.slice(0, count)}e${exact.split("e")[1]}`; // a tie, which toExponential always rounds up
        }
    }
    const [digits, exponent] = text.split("e");
    return { negative, digits: digits.replace(".", ""), exponent: Number(exponent) };
}

function special(value) {
    return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
}

// Digits with the point at its place.
function positional(parts) {
    const { digits, exponent } = parts;
    const sign = parts.negative ? "-" : "";
    if (exponent < 0) {
        return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
    }
    const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
    const rest = digits.slice(exponent + 1);
    return sign + whole + (rest ? `.${rest}` : "");
}

function scientific(parts) {
    const rest = parts.digits.slice(1);
    return `${parts.negative ? "-" : ""}${parts.digits[0]}${rest ? `.${rest}` : ""}e${parts.exponent}`;
}

// The shortest text that reads back as the same number.
function formatNumber(value) {
    if (!Number.isFinite(value)) {
        return special(value);
    }
    const parts = decimal(value);
    const zeros = parts.exponent + 1 - parts.digits.length;
    return parts.exponent < -4 || parts.exponent >= 16 || zeros >= MANY_ZEROS ? scientific(parts) : positional(parts);
}

// So many decimals of a number from 1 on, as the %f of C.
function fixed(value, decimals) {
    return positional(decimal(value, decimal(value).exponent + 1 + decimals));
}

function rounded(value, digits, zeros = false) {
    const size = Math.abs(value);
    if (size >= 10 ** (digits - 1) && size < 10 ** LONGEST_WHOLE) {
        return fixed(value, 0);
    }
    const parts = decimal(value, digits); // as the %g of C
    if (!zeros) {
        parts.digits = parts.digits.replace(/0+$/, "") || "0";
    }
    return parts.exponent < -4 || parts.exponent >= digits ? scientific(parts) : positional(parts);
}

function significant(text) {
    return text.split("e")[0].replace(/[-.]/g, "").replace(/^0+|0+$/g, "").length;
}

// A number to the digits that were asked for; without them short ones exactly, others to six digits, more where fewer
// would hide a difference. Narrow, for the figure, it has four, and zeros say that it is rounded.
function short(value, narrow = false) {
    const exact = formatNumber(value + 0);
    const size = exact.replace("-", "").length;
    if (!Number.isFinite(value) || ASKED === MOST_DIGITS || (size <= LONGEST_WHOLE && Number.isInteger(value))) {
        return exact;
    }
    if (ASKED !== null) {
        return rounded(value, ASKED);
    }
    if (size <= (narrow ? FIGURE_SHORT : SHORT)) {
        return exact;
    }
    if (narrow) {
        const text = rounded(value, FIGURE_DIGITS);
        return Number(text) === Number(rounded(value, MORE_DIGITS)) ? text : rounded(value, FIGURE_DIGITS, true);
    }
    const text = rounded(value, DIGITS);
    if (significant(text) <= Math.floor(DIGITS / 2)) {
        for (let digits = DIGITS + 1; digits <= MORE_DIGITS; digits += 1) {
            const more = rounded(value, digits);
            if (more !== text) {
                return more;
            }
        }
    }
    return text;
}

function shortNumber(value) {
    return short(value, true);
}

function isShownExactly(value) {
    const said = numberFrom(short(value));
    return Number.isNaN(value) || said === value || Math.abs(said - value) <= NOISE * Math.abs(value);
}

// The number that a text says, undefined if it says none.
function numberFrom(text) {
    const plain = text.trim().toLowerCase().replace("\u2212", "-");
    const named = { inf: Infinity, "+inf": Infinity, "-inf": -Infinity, infinity: Infinity, "-infinity": -Infinity, nan: NaN };
    if (plain in named) {
        return named[plain];
    }
    return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/.test(plain) ? Number(plain) : undefined;
}

// "=", or the sign for "about" where one of the numbers shown is rounded.
function equals(...values) {
    return values.every(isShownExactly) ? "=" : "\u2248";
}

function inParentheses(text) {
    return text.startsWith("-") ? `(${text})` : text;
}

// A number as an exponent, with the sign of the power where it has no raised digits.
function raised(value) {
    const text = formatNumber(value);
    if (!Number.isInteger(value) || Math.abs(value) >= 1e6) {
        return `^${inParentheses(short(value))}`;
    }
    return text.replace(/./g, (one) => "\u207b\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"["-0123456789".indexOf(one)]);
}

// The sign before a product's result: a zero is exactly a factor's zero.
function signOf(upstream, local, sent) {
    return sent === 0 && (local === 0 || upstream === 0) ? "=" : equals(upstream, local, sent);
}

// Numbers added, the middle of a long sum left out.
function sumText(...values) {
    let terms = values.map((one) => short(one));
    if (terms.length > LONGEST_SUM) {
        terms = [...terms.slice(0, LONGEST_SUM / 2), "\u2026", ...terms.slice(-LONGEST_SUM / 2)];
    }
    return terms.reduce((text, term) => text + (term.startsWith("-") ? ` - ${term.slice(1)}` : ` + ${term}`));
}
