// The page set up: what it shows at load, its buttons and its keys.

function isTyping(element) {
    return element instanceof HTMLElement && (element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName));
}

makeSteps();
const setVariable = DATA.variables.map(setUpVariable);
setUpDescent();
byId("reset")?.addEventListener("click", () => {
    DATA.variables.forEach(([, text], index) => setVariable[index](Number(text)));
    forgetTrace();
    recompute();
});
for (const [id, to] of [["first", () => 0], ["previous", () => position - 1], ["next", () => position + 1], ["last", () => steps.length - 1]]) {
    byId(id).addEventListener("click", () => go(to()));
}
document.addEventListener("keydown", (event) => {
    const isScrolled = event.target.matches?.(".scroll") && event.target.scrollWidth > event.target.clientWidth;
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || isTyping(event.target) || isScrolled) {
        return;
    }
    if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
        event.preventDefault();
        go(position + (event.key === "ArrowRight" ? 1 : -1));
    }
});
showNumbers();
showStep(false);
plotAll();
