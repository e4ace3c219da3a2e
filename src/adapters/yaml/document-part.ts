import type { YamlDocument } from './yaml-document.ts';

/** A part of a document as a document of its own: paths count from the part, places from the file. `value` is what the path leads to. */
export function documentPart(document: YamlDocument, path: string, value: unknown): YamlDocument {
  return {
    value,
    place: (finding) => document.place({ ...finding, path: `${path}${finding.path}` }),
    rawScalar: (below) => document.rawScalar(`${path}${below}`),
    lineOf: (below) => document.lineOf(`${path}${below}`),
  };
}
