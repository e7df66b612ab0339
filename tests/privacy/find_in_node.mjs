// Runs the browser's detector in node: a JSON request on stdin, the findings as JSON on stdout.
// {"static": folder, "names": [...], "allowed": [...], "texts": [...]}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const request = JSON.parse(readFileSync(0, "utf8"));
const read = (name) => readFileSync(join(request.static, name), "utf8");
const { Detector } = await import(pathToFileURL(join(request.static, "detector.mjs")));

const detector = new Detector(JSON.parse(read("rules.json")), read("names.txt"));
const context = detector.known(request);
process.stdout.write(JSON.stringify(request.texts.map((text) => detector.find(text, context))));
