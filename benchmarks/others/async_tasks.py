import asyncio


async def work(n):
    s = 0
    for i in range(n): s = (s * 31 + i) % 1000007
    return s
async def many(n):
    t = 0
    for i in range(n): t = (t + await work(10)) % 1000007
    return t
print(asyncio.run(many(100000)))
