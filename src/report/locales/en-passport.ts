/** The English texts of passports, signatures, bills of materials and cards (en.ts). */
export const enPassport = {
  passport: {
    cli: {
      description:
        'Write all that is on record about a model to one sealed file that anyone can check offline, or take over one that someone gave.',
      out: 'write to this file instead of NAME.yukuepassport',
      key: 'seal it with this key too, by name; may be repeated',
      leaveOut:
        'keep back statements of this kind (such as observed or deployed); may be repeated. The passport says how many.',
      noPrints: 'leave out the prints, by which the receiver would recognise what was made from the model',
      share:
        'for a passport that goes where its model does not: leave what would tell small tensors out of the model’s own print too',
      import:
        'take over the passport in this file: check it, enter its statements under the name of their own log, keep its prints',
      importKey: 'believe this key, as a file or as text; may be repeated. With none, the keys that are on record',
      page: 'also write the result as one HTML page',
      verifyDescription:
        'Check a passport, or the signature of a model’s files, offline and believing nobody but the keys given.',
      verifyModel: 'the model as it arrived: held against the passport',
      verifyKey:
        'believe this key: what yukue key show prints, or a file with it; a PEM file for --bundle. May be repeated',
      verifyBundle: 'check the files of a model against this OpenSSF Model Signing bundle',
      signDescription:
        'Sign the files of a model as the OpenSSF Model Signing specification has it (ECDSA key, Sigstore bundle).',
      signKey: 'PEM file of the private key (P-256, P-384 or P-521)',
      signNewKey: 'make the key first; its public half is written beside it as NAME.pub.pem',
      signOut: 'write the bundle to this file instead of model.sig beside the files',
      signLineage: 'also write the measured lineage as a signed in-toto statement, beside the bundle',
      bomDescription: 'Write a CycloneDX 1.7 ML-BOM of a model on record, or take over what one declares.',
      bomImport: 'enter what this CycloneDX file declares about the model as claims',
      cardDescription: 'Write the measured lineage as a Hugging Face card snippet, or take over what a card declares.',
      cardImport: 'enter what this card (README.md) declares about the model as claims',
      outFile: 'write to this file instead of standard output',
    },
    made: '{{path}}: {{statements, number}} statements, {{prints, number}} prints, {{bytes}}, of log {{origin}} at {{size, number}}.',
    leftOut: 'Kept back: {{kinds}}.',
    imported:
      'Taken over from log {{origin}} (at {{size, number}}): {{entered, number}} statements of {{name}}, {{prints, number}} prints. {{known, number}} were here already.',
    scanNext: 'Scan the model as it arrived: it is then related to the prints that came along.',
    verdict: {
      verified:
        'The passport is whole, a key you gave vouches for it, and nothing in it contradicts what could be measured.',
      disputed: 'The passport is whole and vouched for, but something in it contradicts the weights.',
      undecided: 'The passport agrees with itself, but no key you gave vouches for it. Anyone could have made it.',
      refused: 'Refused: this is not the passport that was sealed.',
    },
    verdictName: { verified: 'verified', disputed: 'disputed', undecided: 'undecided', refused: 'refused' },
    fault: {
      'not-canonical': 'The file’s text was altered, if only in spaces or spelling.',
      'broken-seal': 'The contents do not have the digest that the seal was put on.',
      unsealed: 'The seal is missing, unreadable, or by a key that the passport does not name.',
      'bad-checkpoint': 'The checkpoint of the log is no checkpoint, or its signature does not hold.',
      'altered-statement':
        'Statement {{at}} is not the one that stands in the log: its proof does not lead to the checkpoint.',
      'bad-signature': 'A signature does not fit what it stands under ({{detail}}).',
      'not-a-statement': 'Statement {{at}} is none that can be read.',
      'reordered-statement': 'Statement {{at}} does not stand in the order of the log.',
      'damaged-print': 'The print of {{detail}} is damaged, or is another model’s.',
      'unknown-key': 'The list of keys names one that the statements do not know ({{detail}}).',
      'other-model': 'No statement is about the model that the passport is for ({{detail}}).',
    },
    open: {
      'no-key': 'No key was given. Get the sender’s public key on another way than this file, and give it with --key.',
      'not-vouched': 'None of the keys given has sealed this passport.',
      'no-weights': 'The weights were not at hand. Give the model as it arrived with --model.',
      'newer-minor': 'Written by a newer version ({{detail}}): what it added is under the seal, but not shown here.',
      'unknown-statements':
        '{{detail}} statements are of kinds that this version does not know. A newer version shows them.',
      'left-out': 'The sender kept {{detail}} statements about the model back.',
      'unconfirmed-hand-over':
        'Hand-overs that only one end has signed: {{detail}}. Ask the other end for its receipt.',
      'unmeasured-claim':
        'Claims that the weights say nothing to: {{detail}}. They rest on the word of whoever made them.',
      'no-prints':
        'No print came along: what was made from the model cannot be recognised by it. Ask for a passport with prints.',
    },
    notTruth:
      'A passport shows that nothing was changed since it was sealed. It shows neither that its statements are true nor that all were entered.',
    text: {
      heading: 'Passport of {{name}}',
      issued: 'issued {{issued}} · {{statements, number}} statements of log {{origin}} at {{size, number}}',
      signedBy: 'Sealed by',
      given: 'a key you gave',
      notGiven: 'not among the keys you gave',
      faults: 'What is wrong',
      atHand: 'The model at hand',
      same: '{{path}} holds the weights that this passport is for.',
      other: '{{path}} holds other weights than those that this passport is for.',
      stranger: 'It is not related to any print that came along.',
      relation: '{{child}} was made from {{parents}}: {{changes}} ({{evidence}})',
      undirected: '{{child}} and {{parents}}: {{changes}}; which came first is open ({{evidence}})',
      side: {
        same: '{{name}} ({{role}}): as it was',
        changed: '{{name}} ({{role}}): changed',
        missing: '{{name}} ({{role}}): missing',
        added: '{{name}} ({{role}}): added',
      },
      from: 'Where from',
      done: 'What was done to it',
      doneNote: 'As the sender measured it',
      claims: 'What is claimed',
      open: 'What could not be checked',
      nothing: 'Nothing on record.',
      files: 'Files',
      inLog: 'log {{origin}}, no. {{number}}',
    },
    page: {
      title: 'Model passport',
      subtitle: 'Where a model is from, what was done to it, what is claimed of it, and what could not be checked.',
      verdict: 'Verdict',
      when: 'When',
      event: 'Event',
      ends: 'From → to',
      standing: 'Standing',
      claim: 'Claim',
      value: 'As stated',
      weights: 'What the weights say',
      by: 'By',
      file: 'File',
      size: 'Size',
      facts: 'Identity',
    },
    signing: {
      signed_one: '{{count, number}} file signed: {{path}}',
      signed_other: '{{count, number}} files signed: {{path}}',
      lineage: 'Measured lineage signed: {{path}}',
      newKey: 'Key made: {{path}}. Give {{public}} to whoever is to check.',
      good_one: 'Signature verified: {{count, number}} file as it was signed.',
      good_other: 'Signature verified: {{count, number}} files as they were signed.',
      badSignature: 'The signature does not hold under the key given.',
      otherKey: 'The bundle was signed with another key than the one given.',
      changed: '{{name}}: not as it was signed',
      missing: '{{name}}: missing',
      added: '{{name}}: not signed',
    },
    declared: {
      entered_one: '{{count, number}} declaration about {{model}} entered as a claim.',
      entered_other: '{{count, number}} declarations about {{model}} entered as claims.',
      none: '{{path}} declares nothing that can be held against a model.',
    },
    error: {
      badFile: {
        passport: '{{path}} is no passport, or is damaged beyond reading. Ask the sender for it again.',
        bundle:
          '{{path}} is no OpenSSF Model Signing bundle that this version reads (Sigstore bundle 0.3 with a public key).',
        'signing-key': '{{path}} is no PEM key on the curves P-256, P-384 or P-521.',
        bom: '{{path}} is no CycloneDX JSON bill of materials with a model in it.',
        card: '{{path}} is no model card: it does not start with a YAML header between lines of ---.',
      },
      newer:
        '{{path}} is a passport of version {{version}}; this program reads {{known}}. What it says may mean something else: use a newer version.',
      refused: {
        faults:
          '{{path}} is not the passport that was sealed; nothing was taken over. yukue verify names what is wrong.',
        'not-vouched':
          '{{path}}: no key that is known here, or was given with --key, vouches for it. Nothing was taken over.',
        forked:
          '{{path}}: its log has another history than an earlier passport of that log showed. Keep both files, and ask the sender why. Nothing was taken over.',
      },
    },
  },
} as const
