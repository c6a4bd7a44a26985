import { enAudit } from './en-audit.ts'
import { enCharter } from './en-charter.ts'
import { enCheck } from './en-check.ts'
import { enCommands } from './en-commands.ts'
import { enDiff } from './en-diff.ts'
import { enDossier } from './en-dossier.ts'
import { enLedger } from './en-ledger.ts'
import { enPassport } from './en-passport.ts'
import { enResults } from './en-results.ts'
import { enServe } from './en-serve.ts'
import { enWeb } from './en-web.ts'

/** The English catalogue. It sets the keys and the variables; every other language follows it (catalogue.ts). */
export const en = {
  list: { separator: ', ', colon: ': ', note: '{{text}} ({{note}})', sentences: '{{first}} {{second}}' },
  count: {
    files_one: '{{count, number}} file',
    files_other: '{{count, number}} files',
    models_one: '{{count, number}} model',
    models_other: '{{count, number}} models',
    families_one: '{{count, number}} family',
    families_other: '{{count, number}} families',
    copies_one: '{{count, number}} copy',
    copies_other: '{{count, number}} copies',
    problems_one: '{{count, number}} problem',
    problems_other: '{{count, number}} problems',
    parameters_one: '{{count, number}} parameter',
    parameters_other: '{{count, number}} parameters',
    more_one: 'and {{count, number}} more; --json lists all',
    more_other: 'and {{count, number}} more; --json lists all',
  },
  change: {
    converted: {
      name: 'converted',
      meaning: 'The same weights, written in another format or layout.',
    },
    'converted-lossy': {
      name: 'converted with rounding',
      meaning: 'The weights were rounded to a narrower number type. Results can shift slightly.',
    },
    quantised: {
      name: 'quantised',
      meaning: 'The weights were put on a coarse grid to make the model smaller. Results can shift.',
    },
    'fine-tuned': {
      name: 'fine-tuned',
      meaning: 'Training was continued: many weights moved a little. Behaviour can differ in any respect.',
    },
    'adapter-merged': {
      name: 'adapter merged in',
      meaning: 'A low-rank adapter (LoRA) was added into the weights. Behaviour was changed on purpose.',
    },
    adapter: {
      name: 'adapter',
      meaning: 'An add-on (LoRA) that works only on top of its base model.',
    },
    merged: {
      name: 'merged',
      meaning: 'The weights are a blend of two or more models. Duties attached to any of them may apply.',
    },
    assembled: {
      name: 'assembled',
      meaning: 'Whole parts were taken from different models and joined.',
    },
    pruned: {
      name: 'pruned',
      meaning: 'Weights were removed or set to zero to make the model smaller or faster.',
    },
    extracted: {
      name: 'extracted',
      meaning: 'One part was taken out of a larger model, such as one branch or the network without its head.',
    },
    'layers-changed': {
      name: 'layers changed',
      meaning: 'Layers were dropped, repeated or inserted.',
    },
    'vocabulary-resized': {
      name: 'vocabulary resized',
      meaning: 'The number of tokens that the model knows was changed.',
    },
    'direction-ablated': {
      name: 'direction removed',
      meaning: 'One direction was removed throughout the model. This is how safety refusals are switched off.',
    },
    'configuration-changed': {
      name: 'configuration changed',
      meaning: 'The weights are equal, but files beside them differ (labels, template, tokenizer, thresholds).',
    },
    permuted: {
      name: 'permuted',
      meaning: 'The same neurons in another order. The model computes the same.',
    },
    unclear: {
      name: 'unclear',
      meaning: 'The models are related, but no known change explains the difference in full.',
    },
  },
  direction: {
    undetermined: 'direction undetermined',
    shownAbove: 'shown above',
    plausibleOrigin: 'most plausible origin; the files do not settle it',
    notHere: 'not among these files',
    madeFrom: 'made from {{name}}',
    relatedTo: 'related to {{name}}',
  },
  settle: {
    heading: 'What would settle it',
    general:
      'A signed release or hand-over statement for either model, or a third model of the family that shows the order.',
    converted:
      'Equal weights leave no trace of which file was written first. A signed release or hand-over statement for either file settles it.',
    'fine-tuned':
      'Continued training leaves no mark of its direction. Scan the published base model as well, or obtain a signed statement from whoever trained either model.',
    'adapter-merged':
      'Adding and subtracting an adapter look alike. The adapter file itself, or a signed statement from whoever merged it, settles it.',
    extracted:
      'A part can be taken out of a whole, or a whole built on a part. A signed statement about either model, or an earlier release of one, settles it.',
    'configuration-changed':
      'The weights are equal, so they cannot say which settings came first. A signed release statement or version history settles it.',
    permuted: 'Reordering can be undone exactly. Only a signed release or hand-over statement settles it.',
  },
  status: {
    verified: { name: 'verified', meaning: 'Recomputed here from the bytes themselves.' },
    attested: { name: 'attested', meaning: 'Signed by a named party.' },
    declared: { name: 'declared', meaning: 'Typed in, or read from a description. Nobody has checked it.' },
    inferred: { name: 'inferred', meaning: 'A statistical conclusion from the weights, with its error rate.' },
    disputed: { name: 'disputed', meaning: 'Two facts contradict each other.' },
  },
  relation: {
    similarity: 'similarity {{value}}',
    p: 'p = {{value}}',
    pBelow: 'p < {{value}}',
    pNone: 'no p (too few tensors for statistics)',
    mergedFrom: 'merged from',
    parents: 'made from',
    weights: 'weights',
    rank: 'adapter rank',
    alpha: 'adapter alpha',
    targets: 'layers changed',
    method: 'method',
    base: 'base',
    layers: 'layers',
    cosine: 'cosine between directions',
    share: 'taken out',
    density: 'share of each change kept',
    which: 'files that differ',
    artifacts: 'places',
    fits: 'fits',
    sparsity: 'share of zeros',
    map: 'layer map',
    rows: 'vocabulary rows',
    parts: 'parts',
    declaredBase: 'declared base (unchecked)',
    scheme: 'scheme',
    bits: 'bits per weight',
    from: 'from',
    to: 'to',
    leftOut: 'parameters left out',
    added: 'parameters added',
    frozen: 'share left unchanged',
    residual: 'unexplained rest',
    distance: 'relative distance',
    baseAbsent: 'Its base model is not among these files.',
  },
  finding: {
    'custom-op_one':
      'It needs {{count, number}} operator that is in no standard set: {{operators}}. Loading it takes code from somewhere else; know whose.',
    'custom-op_other':
      'It needs {{count, number}} operators that are in no standard set: {{operators}}. Loading it takes code from somewhere else; know whose.',
    'name-changed-bytes':
      'Another model ({{before}}) was under this name, last seen on {{lastSeen}}. What was decided about that one does not hold for this one.',
    'name-contradicts-content':
      'Its name says “{{claim}}”, but its weights are {{found}}. It may not be the model that it is taken for.',
    'no-weights': 'No weights were found in this file.',
    'side-files-changed':
      'Files beside it are other than they were: {{names}}. They change what the model does without touching a weight.',
    'unrecorded-place':
      'Nobody has recorded that a copy is here. Record it (yukue record received, copied or deployed with --place), or find out who put it here.',
    'non-finite-weights_one':
      '{{count, number}} weight is not a finite number (tensors: {{tensors, number}}; {{names}}). Results can be meaningless.',
    'non-finite-weights_other':
      '{{count, number}} weights are not finite numbers (tensors: {{tensors, number}}; {{names}}). Results can be meaningless.',
    'shadowed-tensors':
      'In {{file}}, these tensors also stand in another shard, which the index names, and were left out: {{names}}.',
    'unindexed-tensors':
      'In {{file}}, these tensors are not in the index, and were taken in, as loaders that read whole shards do: {{names}}.',
    'unread-packing_one':
      '{{count, number}} tensor is packed in a way that this version does not read: {{name}}. It is left out of every comparison.',
    'unread-packing_other':
      '{{count, number}} tensors are packed in a way that this version does not read, the first of them {{name}}. They are left out of every comparison.',
  },
  findingDetail: {
    'pickle-import': '{{message}}',
    'broken-pickle': '{{message}}',
    'object-array': '{{message}}',
    'keras-lambda': '{{message}}',
    'external-path': '{{message}}',
    'unsafe-op': '{{message}}',
    'custom-layer': '{{message}}',
    'unclaimed-bytes': '{{message}}',
    'unsupported-tensor-type': '{{message}}',
    unsupported: '{{message}}',
    'unread-tensor': '{{message}}',
    'unknown-row-order': '{{message}}',
    'training-state': '{{message}}',
  },
  severity: { high: 'high', medium: 'medium', low: 'low' },
  scan: {
    family_one: 'Family {{number}}: {{name}} ({{count, number}} model, {{files}})',
    family_other: 'Family {{number}}: {{name}} ({{count, number}} models, {{files}})',
    legend: '─▶ made from the model above   ╌? related, order undetermined',
    lookAlikes: 'Look-alikes: same names and shapes, other weights',
    lookAlikeShared_one: '{{count, number}} tensor of equal name and shape, similarity {{similarity}}',
    lookAlikeShared_other: '{{count, number}} tensors of equal name and shape, similarity {{similarity}}',
    singles: 'Single models: related to nothing else here',
    undetermined: 'Undetermined directions: what would settle them',
    findings: 'Findings',
    problems: 'Problems: files that are not in the result',
    nothing: 'No model was found.',
    unsure_one: '{{count, number}} direction undetermined',
    unsure_other: '{{count, number}} directions undetermined',
  },
  trace: {
    cameFrom: 'Came from',
    descendants: 'Descendants',
    relatives: 'Related, direction undetermined',
    places: 'Places',
    noAncestors: 'No ancestor is known.',
    noDescendants: 'No descendant is known.',
    noPlaces: 'No copy is on record.',
    seen: 'first seen {{first}}, last seen {{last}}',
    seenOnce: 'seen {{first}}',
    parentOf: 'parent of {{name}}',
    unseen: 'hosted elsewhere: its weights have not been seen here',
  },
  page: {
    title: 'Model scan report',
    subtitle: 'Which models are here, where they came from, and what was done to them',
    generated: 'Generated {{when}} by Yukue {{version}}',
    contents: 'Contents',
    summary: {
      heading: 'Summary',
      none: 'No model was found.',
      models_one: '{{count, number}} model stands behind {{files}}.',
      models_other: '{{count, number}} different models stand behind {{files}}.',
      families_one: '{{members}} of them form {{count, number}} family, made from one another.',
      families_other: '{{members}} of them form {{count, number}} families, made from one another.',
      copies_one: '{{count, number}} copy carries the same weights as another one here.',
      copies_other: '{{count, number}} copies carry the same weights as another one here.',
    },
    figures: {
      files: 'Files',
      models: 'Different models',
      families: 'Families',
      single: 'Single models',
      verified: 'Relations verified',
      inferred: 'Relations inferred',
    },
    attention: {
      heading: 'For your attention',
      none: 'Nothing stands out: every file was read, and no finding or open direction was left.',
      problems_one: '{{count, number}} file could not be read and is not part of the result.',
      problems_other: '{{count, number}} files could not be read and are not part of the result.',
      findings_one: '{{count, number}} finding of high severity.',
      findings_other: '{{count, number}} findings of high severity.',
      lookAlikes_one:
        '{{count, number}} pair of models looks alike from outside but holds other weights: a review of one says nothing about the other.',
      lookAlikes_other:
        '{{count, number}} pairs of models look alike from outside but hold other weights: a review of one says nothing about the other.',
      undetermined_one: 'For {{count, number}} relation, the files alone do not say which model came first.',
      undetermined_other: 'For {{count, number}} relations, the files alone do not say which model came first.',
      ablated_one: '{{count, number}} model had a direction removed, as is done to switch off safety refusals.',
      ablated_other: '{{count, number}} models had a direction removed, as is done to switch off safety refusals.',
    },
    families: {
      heading: 'Families',
      intro: 'Each family is a set of models made from one another. A model stands below the one it was made from.',
      none: 'No two models here are related.',
      known: 'Solid line, arrow: made from the model above.',
      undetermined: 'Dashed line, question mark: related, but which of the two came first is undetermined.',
    },
    copies: {
      caption_one: '{{count, number}} copy of {{name}}',
      caption_other: '{{count, number}} copies of {{name}}',
      path: 'Path',
      format: 'Format',
      size: 'Size',
      sha256: 'SHA-256 (start)',
    },
    relation: {
      similarity: 'Similarity of weights',
      chance: 'Chance of coincidence',
      chanceWords: '{{p}}: unrelated models would agree this much with at most this probability.',
      chanceNone: 'Not computed: there are too few tensors for statistics; the weights were compared directly.',
      status: 'Status',
      direction: 'Direction',
      directionKnown: 'Known: made from the model above.',
      directionKnownElsewhere: 'Known: made from {{name}}.',
    },
    lookAlikes: {
      heading: 'Look-alikes',
      intro:
        'These pairs agree in names and shapes but not in weights. Nothing in the weights relates them, so approval, licence and test results of one do not carry over to the other.',
      caption: 'Pairs of models that look alike and are not related',
      first: 'Model',
      second: 'Looks like',
      shared: 'Tensors of equal name and shape',
      similarity: 'Similarity of weights',
    },
    singles: {
      heading: 'Single models',
      intro: 'Nothing else in this scan is related to these models.',
    },
    findings: {
      heading: 'Findings',
      intro: 'Things found in or beside a model that deserve a look.',
      caption: 'Findings, most severe first',
      severity: 'Severity',
      place: 'File',
      message: 'What was found',
    },
    problems: {
      heading: 'Problems',
      intro: 'These files are not part of the result. Each line says what happened and what to do.',
      caption: 'Files that could not be read',
      place: 'File',
      kind: 'Problem',
      message: 'What happened, and what to do',
    },
    reading: {
      heading: 'How to read this page',
      status: 'Status words',
      changes: 'Kinds of change',
      measures: 'Measures',
      limits: 'Limits',
      model: 'Model',
      modelMeaning:
        'A set of weights. The same weights under another file name, in another format or in several pieces are the same model, and another copy of it.',
      id: 'Identifier',
      idMeaning:
        'A digest of the weights themselves, so it does not depend on names or formats. Twelve digits are shown.',
      similarity: 'Similarity',
      similarityMeaning:
        '1 for equal weights, about 0 for models trained apart. It is the median cosine of matched tensors, weighted by size.',
      p: 'p',
      pMeaning:
        'How probable so much agreement would be between unrelated models. 1e-12 means one in a million million. It says that two models are related, not how, nor which was made from which.',
      limitWeights:
        'Relations are computed from weights. Two models may behave alike and share no weights; that is not seen here.',
      limitScope: 'Only the files that were scanned are compared. A parent that is not among them cannot be named.',
      limitRounding: 'A faint change below the rounding of a later quantisation cannot be seen.',
      limitDirection:
        'Where the direction is undetermined, the order on this page is a way of drawing, not a statement of fact.',
    },
    label: {
      parameters: 'Parameters',
      numberTypes: 'Number types',
      copies: 'Copies',
      more_one: '{{count, number}} more is not shown here; the JSON report lists all.',
      more_other: '{{count, number}} more are not shown here; the JSON report lists all.',
    },
  },
  problem: {
    truncated: {
      title: 'incomplete file',
      happened: 'The file ends too early: {{what}} needs {{need, number}} bytes, the file has {{size, number}}.',
      advice: 'Download or copy the file again, and compare its size with the source.',
    },
    malformed: {
      title: 'damaged or invalid file',
      happened: 'The file breaks the rules of its format at byte {{offset, number}}: {{what}}: {{reason}}.',
      advice: 'Obtain the file again from its source. If it stays so, do not load it, and ask the provider.',
    },
    limit: {
      title: 'implausible size',
      happened: '{{what}} is {{value}}, and at most {{limit}} is accepted.',
      advice: 'No real model needs so much. Treat the file as suspect, and ask its provider.',
    },
    unsupported: {
      title: 'not supported',
      happened: 'This version does not read {{what}} {{value}}.',
      advice: 'Convert the file to safetensors or ONNX and scan that, or use a newer version.',
    },
    'unsafe-path': {
      title: 'unsafe file name',
      happened: 'The model names a file outside its own folder: {{name}}.',
      advice: 'It was not opened. Do not load this model before its provider has explained the name.',
    },
    'missing-file': {
      title: 'missing file',
      happened: 'A file that the model needs is not there: {{name}}.',
      advice: 'Put the file beside the model, and scan again.',
    },
    'hint-mismatch': {
      title: 'hint does not fit',
      happened: 'The hint {{hint}} needs {{need, number}} bytes, the file has {{size, number}}.',
      advice: 'Correct the shape or the number type given with --as.',
    },
    'lfs-pointer': {
      title: 'pointer instead of weights',
      happened: 'A git-LFS pointer stands here in place of weights of {{bytes, number}} bytes.',
      advice: 'Run "git lfs pull" in its folder, and scan again.',
    },
    'crowded-folder': {
      title: 'crowded folder',
      happened: 'The folder holds more than {{limit, number}} files, and none of them was looked at.',
      advice: 'Move the models out of it, or name them one by one: yukue scan FOLDER/model …',
    },
    'link-loop': {
      title: 'link loop',
      happened: 'A link leads back to a folder above it: {{target}}.',
      advice: 'It was not followed. Remove the link, or scan its target directly.',
    },
    unreadable: {
      title: 'access refused',
      happened: 'The operating system refused access: {{reason}}.',
      advice: 'Check that the file exists and that you may read it, and scan again.',
    },
    changed: {
      title: 'changed while being read',
      happened: 'The file changed while it was being read: {{what}}.',
      advice: 'Wait until it is no longer being written, and scan again.',
    },
  },
  ...enAudit,
  ...enCharter,
  ...enCheck,
  ...enCommands,
  ...enDiff,
  ...enDossier,
  ...enLedger,
  ...enPassport,
  ...enWeb,
  ...enServe,
  ...enResults,
} as const
