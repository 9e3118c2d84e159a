// Rules on items as their authors would write them for ZEN and for json-rules-engine, on the facts that bench_run wrote: of each
// settlement sex, level and total, of each line that a table mentions age, amount and what the tables say. Looking lines up in the
// tables, and completed years, are done for them. Asked over standard input, one line at a time: `zen` or `json` runs all
// settlements and answers with the number of findings; `write FILE` writes the findings of the last run, one a line.
//
// node item_rules.mjs FACTS FOLDER-OF-node_modules
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { join, resolve } from "node:path";

const [facts, folder] = process.argv.slice(2);
const require = createRequire(join(resolve(folder), "package.json"));
const settlements = readFileSync(facts, "utf8").trim().split("\n").map((line) => JSON.parse(line));

const expressions = {
  R01: "map(filter(items, #.limit_sex != null and sex != null and sex != #.limit_sex), #.line)",
  R02: "map(filter(items, #.age_low != null and #.age != null and (#.age < #.age_low or #.age > #.age_high)), #.line)",
  R07: "total != null and total != sum(map(amounts, #)) ? [0] : []",
  R09: "map(filter(items, #.limit_level != null and level != null and level < #.limit_level), #.line)",
};

function withZen() {
  const { ZenEngine } = require("@gorules/zen-engine");
  const node = (id, type, content) => ({ id, type, name: id, position: { x: 0, y: 0 }, ...(content ? { content } : {}) });
  const edge = (from, to) => ({ id: `${from}-${to}`, type: "edge", sourceId: from, targetId: to });
  const decision = new ZenEngine().createDecision(Buffer.from(JSON.stringify({
    nodes: [
      node("in", "inputNode"),
      node("rules", "expressionNode",
           { expressions: Object.entries(expressions).map(([key, value]) => ({ id: key, key, value })) }),
      node("out", "outputNode"),
    ],
    edges: [edge("in", "rules"), edge("rules", "out")],
  })));
  return async () => {
    const found = [];
    for (const settlement of settlements) {
      const { result } = await decision.evaluate(settlement);
      for (const rule of Object.keys(expressions))
        for (const line of result[rule]) found.push(`${rule} ${settlement.id} ${line}`);
    }
    return found;
  };
}

function withJsonRules() {
  const { Engine } = require("json-rules-engine");
  const engine = new Engine();
  const is = (fact, operator, value) => ({ fact, operator, value });
  const rule = (type, ...all) => engine.addRule({ conditions: { all }, event: { type } });
  rule("R01", is("limit_sex", "notEqual", null), is("sex", "notEqual", null), is("sex", "notEqual", { fact: "limit_sex" }));
  engine.addRule({
    conditions: {
      all: [is("age_low", "notEqual", null), is("age", "notEqual", null),
            { any: [is("age", "lessThan", { fact: "age_low" }), is("age", "greaterThan", { fact: "age_high" })] }],
    },
    event: { type: "R02" },
  });
  rule("R09", is("limit_level", "notEqual", null), is("level", "notEqual", null), is("level", "lessThan", { fact: "limit_level" }));
  return async () => {
    const found = [];
    for (const { id, sex, level, items } of settlements)
      for (const item of items) {
        const { events } = await engine.run({ sex, level, ...item });
        for (const event of events) found.push(`${event.type} ${id} ${item.line}`);
      }
    return found;
  };
}

const engines = { zen: withZen(), json: withJsonRules() };
let last = [];
console.log("ready");
for await (const line of createInterface({ input: process.stdin })) {
  const [word, file] = line.split(" ");
  if (word === "write") {
    writeFileSync(file, last.sort().map((each) => `${each}\n`).join(""));
    console.log(last.length);
  } else {
    last = await engines[word]();
    console.log(last.length);
  }
}
