// Asks /status once a second and shows it. Whatever comes from there is set as text, never as HTML.
"use strict";

const EVERY_MS = 1000;
const PATIENCE_MS = 5000;
const SECONDS = 60;
const SVG = "http://www.w3.org/2000/svg";

const byId = (id) => document.getElementById(id);
const counted = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

// Only what differs is touched: a screen reader then says what is new, and nothing else.
function say(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

function tone(element, name) {
  if (!element.classList.contains(name)) {
    element.classList.remove("good", "busy", "bad", "plain");
    element.classList.add(name);
  }
}

function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) {
    element.className = className;
  }
  element.append(...children);
  return element;
}

function sign() {
  const element = make("span", "sign");
  element.setAttribute("aria-hidden", "true");
  return element;
}

const number = (value) => (value === null ? "–" : counted.format(value));

function bytes(value) {
  if (value === null) {
    return "–";
  }
  const units = ["B", "kB", "MB", "GB", "TB"];
  let unit = 0;
  let scaled = value;
  while (scaled >= 1000 && unit < units.length - 1) {
    scaled /= 1000;
    unit += 1;
  }
  return `${unit === 0 || scaled >= 100 ? Math.round(scaled) : scaled.toFixed(1)} ${units[unit]}`;
}

// The largest unit that fits: nobody acts on the seconds of an hour.
function time(seconds) {
  if (seconds === null) {
    return "–";
  }
  if (seconds < 1 && seconds > 0) {
    return `${Math.max(1, Math.round(seconds * 1000))} ms`;
  }
  if (seconds < 10) {
    return `${Number(seconds.toFixed(1))} s`;
  }
  if (seconds < 120) {
    return `${Math.round(seconds)} s`;
  }
  if (seconds < 7200) {
    return `${Math.round(seconds / 60)} min`;
  }
  return seconds < 172800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86400)} d`;
}

const clock = (instant) =>
  new Date(instant).toLocaleTimeString("en-GB", { hour12: false });

// Keeps one child a key, in order, so that focus and scroll stay where they are.
function keyed(parent, items, key, create, update) {
  const there = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  let place = parent.firstElementChild;
  for (const item of items) {
    const name = key(item);
    let child = there.get(name);
    if (!child) {
      child = create(item);
      child.dataset.key = name;
    }
    there.delete(name);
    update(child, item);
    if (child !== place) {
      parent.insertBefore(child, place);
    } else {
      place = place.nextElementSibling;
    }
  }
  there.forEach((child) => child.remove());
}

function published(lag) {
  const arrival = lag.lastPublishArrivalSeconds;
  const zones = lag.zones === null ? "unknown" : lag.zones.toLocaleString("en");
  const arrived = arrival === null ? "" : `; on every node after ${time(arrival)}`;
  return `Last publish: ${lag.lastPublishWords}${arrived}. Zones after it: ${zones}`;
}

function verdict(status) {
  const lag = status.lag;
  tone(byId("verdict"), status.tone);
  const group = `${status.group}: `;
  const said = lag.headline === null ? lag.words : lag.headline.replace(group, "");
  // What follows the first semicolon, the answers and the cards say too.
  const but = lag.verdict === "CAUGHT_UP" && status.tone === "bad" ? ", but not right" : "";
  say(byId("words"), said.split("; ")[0] + but);
  let looked = "Nobody has looked at the group yet";
  if (lag.lookedAt !== null) {
    looked = `As of ${clock(lag.lookedAt)}, ${time(lag.lookAgeSeconds)} ago, by the code of zonecast lag`;
  }
  if (lag.trouble && lag.lookedAt !== null) {
    looked = `${lag.trouble} (last looked at ${time(lag.lookAgeSeconds)} ago)`;
  }
  say(byId("looked"), looked);
  say(byId("published"), published(lag));
  for (const name of ["right", "late", "done"]) {
    const answer = status.answers[name];
    tone(byId(name), answer.tone);
    say(byId(name).lastElementChild, answer.text);
  }
}

function fills(status) {
  const filling = status.sink.nodes.filter((node) => node.state === "FILLING");
  byId("fills").hidden = filling.length === 0;
  keyed(
    byId("fill-list"),
    filling,
    (node) => node.node,
    (node) => {
      const bar = make("progress");
      bar.max = 1;
      bar.setAttribute("aria-label", `Fill of ${node.node}`);
      return make("li", "fill", make("b"), bar, make("span", "left"));
    },
    (child, node) => {
      const [name, bar, left] = child.children;
      say(name, node.node);
      bar.value = node.fraction;
      const percent = `${Math.floor(node.fraction * 100)} %`;
      say(
        left,
        node.secondsLeft === null ? percent : `${percent}, about ${time(node.secondsLeft)} left`,
      );
    },
  );
}

const ORDER = ["DOWN", "STALLED", "DEGRADED", "FILLING", "IDLE", "IN_STEP"];

// The worse of what the group's look and this process say: a fill shows here at once.
function stateOf(ours, theirs) {
  const seen = theirs && { state: theirs.state, words: theirs.words, tone: toneOf(theirs.state) };
  if (!ours) {
    return seen;
  }
  if (!seen || ORDER.indexOf(ours.state) < ORDER.indexOf(seen.state) || ours.state === "IN_STEP") {
    return seen && ours.state === "IN_STEP" && seen.state !== "FILLING" ? seen : ours;
  }
  return seen;
}

function toneOf(state) {
  return { IN_STEP: "good", FILLING: "busy", IDLE: "plain" }[state] || "bad";
}

function nodes(status) {
  const seen = new Map(status.lag.nodes.map((node) => [node.node, node]));
  const ours = new Map(status.sink.nodes.map((node) => [node.node, node]));
  const names = [...new Set([...ours.keys(), ...seen.keys()])];
  keyed(
    byId("node-list"),
    names,
    (name) => name,
    (name) => {
      const state = make("span", "state", sign(), make("span"));
      const bar = make("progress");
      bar.max = 1;
      bar.setAttribute("aria-label", `Memory of ${name}`);
      const facts = make("dl", "facts");
      for (const label of ["Entries", "Evictions", "Checkpoint", "Records behind"]) {
        facts.append(make("dt", "", label), make("dd"));
      }
      return make(
        "li",
        "card",
        make("h3", "", make("span"), state),
        make("p", "memory", make("span", "", "Memory"), make("span")),
        bar,
        facts,
        make("p", "detail"),
      );
    },
    (child, name) => {
      const its = seen.get(name);
      const own = ours.get(name);
      const state = stateOf(own, its);
      const [title, memory, bar, facts, detail] = child.children;
      tone(child, state.tone);
      say(title.firstElementChild, name);
      tone(title.lastElementChild, state.tone);
      say(title.lastElementChild.lastElementChild, state.words);
      const known = its && its.limitBytes !== null;
      say(memory.lastElementChild, known ? `${bytes(its.bytes)} of ${bytes(its.limitBytes)}` : "–");
      bar.value = known ? its.bytes / its.limitBytes : 0;
      const values = facts.querySelectorAll("dd");
      say(values[0], number(its ? its.entries : null));
      const evictions = its ? its.evictions : null;
      say(values[1], number(evictions));
      values[1].classList.toggle("alarm", evictions !== null && evictions > 0);
      const age = its ? its.checkpointAgeSeconds : null;
      say(values[2], age === null ? "–" : `${time(age)} ago`);
      say(values[3], its && its.behindRecordsAtMost !== null
        ? (its.behindRecordsAtMost === 0 ? "0" : `at most ${number(its.behindRecordsAtMost)}`)
        : "–");
      const since = own && state.state === "DOWN" ? `Since ${clock(own.since)}. ` : "";
      const why = (own && own.detail) || (its && its.detail) || "";
      say(detail, why || since ? `${since}${why}` : "");
      detail.hidden = !why && !since;
    },
  );
}

function partitions(status) {
  keyed(
    byId("partition-rows"),
    status.lag.partitions,
    (partition) => String(partition.partition),
    () => {
      const row = make("tr");
      const head = make("th", "number");
      head.scope = "row";
      const state = make("td", "", make("span", "state", sign(), make("span")));
      row.append(head, make("td", "number"), make("td", "number"), make("td", "number"),
        make("td", "number"), state, make("td"));
      return row;
    },
    (row, partition) => {
      const [head, committed, end, records, behind, state, member] = row.children;
      say(head, String(partition.partition));
      say(committed, number(partition.committed));
      say(end, number(partition.end));
      say(records, number(partition.behindRecordsAtMost));
      say(behind, time(partition.behindSeconds));
      const tones = { CAUGHT_UP: "good", CATCHING_UP: "busy", HELD: "busy", UNKNOWN: "plain" };
      tone(state.firstElementChild, tones[partition.state] || "bad");
      say(
        state.firstElementChild.lastElementChild,
        partition.heldBy === null ? partition.words : `${partition.words} by ${partition.heldBy}`,
      );
      say(member, partition.member === null ? "–" : partition.member);
      member.title = partition.member === null ? "" : partition.member;
    },
  );
}

function shape(tag, className, attributes) {
  const element = document.createElementNS(SVG, tag);
  element.setAttribute("class", className);
  Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
  return element;
}

// The newest second is at the right edge, a minute ago at the left.
const across = (index, count) => ((SECONDS - count + index) / (SECONDS - 1)) * 300;

function rate(seconds) {
  const values = seconds.map((second) => second.entries);
  const most = Math.max(0, ...values);
  const points = values.map(
    (value, index) =>
      `${across(index, values.length).toFixed(1)},${(69 - (most ? (value / most) * 64 : 0)).toFixed(1)}`,
  );
  const chart = byId("rate");
  chart.replaceChildren();
  if (points.length > 1) {
    const left = across(0, values.length).toFixed(1);
    chart.append(
      shape("polygon", "area", { points: `${left},70 ${points.join(" ")} 300,70` }),
      shape("polyline", "line", { points: points.join(" ") }),
    );
  }
  const now = values.length ? values[values.length - 1] : 0;
  say(byId("rate-now"), `${number(now)}`);
  say(byId("rate-most"), `most ${number(most)}`);
  chart.setAttribute(
    "aria-label",
    `Entries a second: now ${number(now)}, at most ${number(most)} in the last minute`,
  );
}

function delay(seconds) {
  const chart = byId("delay");
  const known = seconds.map((second) => second.slowestSeconds).filter((value) => value !== null);
  const most = Math.max(0, ...known);
  chart.replaceChildren();
  seconds.forEach((second, index) => {
    if (second.slowestSeconds !== null) {
      const x = across(index, seconds.length).toFixed(1);
      const y = (69 - (most ? (second.slowestSeconds / most) * 64 : 1)).toFixed(1);
      chart.append(shape("line", "stem", { x1: x, x2: x, y1: "70", y2: Math.min(67, y) }));
    }
  });
  const last = known.length ? known[known.length - 1] : null;
  const shown = (value) => (value === 0 ? "under 1 ms" : time(value));
  say(byId("delay-now"), last === null ? "–" : shown(last));
  say(byId("delay-most"), known.length ? `most ${shown(most)}` : "no live record");
  chart.setAttribute(
    "aria-label",
    known.length
      ? `Slowest live record of each second: last ${shown(last)}, at most ${shown(most)}`
      : "No live record in the last minute",
  );
}

function events(status) {
  // The same may happen twice in a millisecond.
  const times = new Map();
  const named = status.events.map((event) => {
    const name = `${event.at} ${event.text}`;
    times.set(name, (times.get(name) || 0) + 1);
    return { ...event, key: `${name} ${times.get(name)}` };
  });
  keyed(
    byId("event-list"),
    named,
    (event) => event.key,
    (event) => {
      const at = make("time", "", clock(event.at));
      at.dateTime = event.at;
      return make("li", event.tone, at, sign(), make("span", "what", event.text));
    },
    () => {},
  );
}

function show(status) {
  document.title = `${status.lag.words} – ${status.group}`;
  say(byId("group"), status.group);
  say(byId("topic"), status.topic);
  say(byId("version"), `Zonecast ${status.version}`);
  say(byId("process"), status.process);
  say(byId("started"), `started ${new Date(status.started).toLocaleString("en-GB")}`);
  verdict(status);
  fills(status);
  nodes(status);
  rate(status.sink.lastMinute);
  delay(status.sink.lastMinute);
  partitions(status);
  events(status);
}

let heard = null;

async function ask() {
  try {
    const reply = await fetch("status", {
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (!reply.ok) {
      throw new Error(`status ${reply.status}`);
    }
    show(await reply.json());
    heard = new Date();
    document.body.classList.remove("stale");
    byId("lost").hidden = true;
  } catch (error) {
    console.debug(error);
    document.body.classList.add("stale");
    say(
      byId("lost"),
      heard === null
        ? "The sink does not answer."
        : `The sink does not answer. What is shown is of ${clock(heard)}.`,
    );
    byId("lost").hidden = false;
  }
}

// One question at a time, and none while nobody looks.
async function live() {
  if (!document.hidden) {
    await ask();
  }
  setTimeout(live, EVERY_MS);
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) {
    ask();
  }
});
live();
