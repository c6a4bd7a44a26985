"""Training on the spot. An epoch is a pass over one set of examples; three epochs see the same set three times."""

import torch
import torch.nn.functional as F

from texts import digits, passages


def train_language(model, tokenizer, subject, *, epochs, steps, rate, seed, trainable=None, batch=8, length=64):
    """Next-token loss. `trainable(name)`: which parameters move (None: those that already do)."""
    rows = passages(tokenizer, subject, steps * batch, length, seed).split(batch)
    return run(model, rows, lambda rows: model(input_ids=rows, labels=rows).loss, epochs, rate, seed, trainable)


def train_pictures(model, task, *, epochs, steps, rate, seed, trainable=None, batch=64):
    images, labels = digits(task, steps * batch, seed)
    examples = list(zip(images.split(batch), labels.split(batch)))
    return run(model, examples, lambda it: F.cross_entropy(model(it[0]), it[1]), epochs, rate, seed, trainable)


def train_encoder(model, tokenizer, subject, *, epochs, steps, rate, seed, trainable=None, batch=8, length=24):
    """Halves of a passage should lie nearer each other than halves of different ones."""
    rows = passages(tokenizer, subject, steps * batch, 2 * length, seed).split(batch)

    def loss(rows):
        left, right = (F.normalize(model(input_ids=part).last_hidden_state.mean(1), dim=-1) for part in rows.split(length, 1))
        return F.cross_entropy(left @ right.T * 20, torch.arange(len(rows)))

    return run(model, rows, loss, epochs, rate, seed, trainable)


def run(model, examples, loss_of, epochs, rate, seed, trainable):
    torch.manual_seed(seed)
    model.train()
    if trainable:
        for name, parameter in model.named_parameters():
            parameter.requires_grad_(trainable(name))
    optimiser = torch.optim.AdamW([it for it in model.parameters() if it.requires_grad], lr=rate)
    for _ in range(epochs):
        for example in examples:
            loss = loss_of(example)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    return model.eval()
