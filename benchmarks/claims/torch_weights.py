"""Claim 1: the weights of a network like GPT-2, by torch.save and as safetensors."""

import os

# GPT-2's small model: 12 blocks of width 768, 50257 words, 1024 places.
WIDTH, BLOCKS, WORDS, PLACES = 768, 12, 50257, 1024


def weights():
    """Random float32 of the names and shapes of GPT-2's state: 498 MB."""
    import torch

    torch.manual_seed(0)
    shapes = {"wte.weight": (WORDS, WIDTH), "wpe.weight": (PLACES, WIDTH)}
    for n in range(BLOCKS):
        block = {
            "ln_1.weight": (WIDTH,), "ln_1.bias": (WIDTH,),
            "attn.c_attn.weight": (WIDTH, 3 * WIDTH), "attn.c_attn.bias": (3 * WIDTH,),
            "attn.c_proj.weight": (WIDTH, WIDTH), "attn.c_proj.bias": (WIDTH,),
            "ln_2.weight": (WIDTH,), "ln_2.bias": (WIDTH,),
            "mlp.c_fc.weight": (WIDTH, 4 * WIDTH), "mlp.c_fc.bias": (4 * WIDTH,),
            "mlp.c_proj.weight": (4 * WIDTH, WIDTH), "mlp.c_proj.bias": (WIDTH,),
        }  # fmt: skip
        shapes.update({"h.%d.%s" % (n, name): shape for name, shape in block.items()})
    shapes.update({"ln_f.weight": (WIDTH,), "ln_f.bias": (WIDTH,)})
    return {name: torch.randn(shape) for name, shape in shapes.items()}


def prepare(case, folder):
    import safetensors.torch
    import torch

    saved = weights()
    pickled, plain = os.path.join(folder, "model.bin"), os.path.join(folder, "model.safetensors")
    torch.save(saved, pickled)
    safetensors.torch.save_file(saved, plain)
    return {"torch.load": pickled, "torch.load mmap": pickled, "safetensors": plain}


def visit(case, arm, path, clock):
    import safetensors.torch
    import torch

    if arm == "safetensors":
        found = clock("load-warm", safetensors.torch.load_file, path)
    elif arm == "torch.load mmap":
        found = clock("load-warm", lambda: torch.load(path, map_location="cpu", mmap=True))
    else:
        found = clock("load-warm", lambda: torch.load(path, map_location="cpu"))
    clock("touch", touch, found)


def touch(found):
    """Read a byte of each page of each tensor."""
    return sum(int(t.view(-1).numpy().view("uint8")[::4096].sum()) for t in found.values())
