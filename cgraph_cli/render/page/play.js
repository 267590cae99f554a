// The walk by itself, at a speed, and by buttons and keys.

let playing; // the timer, undefined while the walk rests

function pause() {
    clearTimeout(playing);
    playing = undefined;
    showPlaying();
}

function showPlaying() {
    const { play } = DATA.controls, [mark, word] = play[Number(playing !== undefined)];
    byId("play").firstChild.textContent = mark;
    byId("play").lastChild.textContent = ` ${word}`;
    byId("play").setAttribute("aria-label", word);
}

function playOn() {
    if (position === steps.length - 1) {
        pause();
        return;
    }
    goOn();
    playing = setTimeout(playOn, 1000 * Number(byId("speed").value));
    showPlaying();
}

function play() {
    if (playing !== undefined) {
        pause();
        return;
    }
    if (position === steps.length - 1) {
        go(0);
    }
    playOn();
}

const MOVES = {
    first: () => go(0),
    previous: () => go(position - 1),
    next: goOn,
    last: () => go(steps.length - 1),
};
const KEYS = {
    ArrowLeft: "previous", PageUp: "previous", ArrowRight: "next", PageDown: "next", Home: "first", End: "last",
};

function isTyping(element) {
    return element instanceof HTMLElement && (element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName));
}

function setUpWalk() {
    for (const [id, move] of Object.entries(MOVES)) {
        byId(id).addEventListener("click", move);
    }
    byId("play").addEventListener("click", play);
    byId("seek").addEventListener("input", () => go(Number(byId("seek").value)));
    byId("by-node").addEventListener("change", remakeSteps);
    byId("predict").addEventListener("change", remakeSteps);
    document.addEventListener("keydown", (event) => {
        const isOwn = !event.key.startsWith("Page") && event.target.matches?.(".scroll");
        const isScrolled = isOwn && event.target.scrollWidth > event.target.clientWidth;
        const isSwitch = event.target.matches?.("[type=checkbox]");
        if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || (isTyping(event.target) && !isSwitch) || isScrolled) {
            return;
        }
        if (Object.hasOwn(KEYS, event.key)) {
            event.preventDefault();
            MOVES[KEYS[event.key]]();
        }
    });
}
