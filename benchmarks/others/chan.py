import asyncio
async def producer(ch, id, n):
    for i in range(n):
        ch.put_nowait((id, i * id % 17))
        if i % 100 == 0: await asyncio.sleep(0)
    ch.put_nowait(None)
async def consumer(ch, out, producers):
    left = producers
    total = 0
    while left > 0:
        msg = await ch.get()
        if msg is None: left -= 1
        else:
            id, v = msg
            total = (total + id * v) % 1000003
            if v == 0: out.put_nowait(id)
    return total
async def square(x): return x * x % 101
async def main():
    ch = asyncio.Queue()
    out = asyncio.Queue()
    c = asyncio.create_task(consumer(ch, out, 4))
    for id in range(1, 5): asyncio.create_task(producer(ch, id, 50000))
    total = await c
    s = 0
    for r in range(500):
        for v in await asyncio.gather(*map(square, range(100))): s = (s + v) % 1000003
    print(total, s)
asyncio.run(main())
