namespace VideoUnderstanding.IntegrationTests.Fuzz;

/// <summary>Changes bytes of a file in ways that often reveal errors in parsers.</summary>
internal static class Damage
{
    private static readonly byte[] Edges = [0x00, 0x01, 0x7F, 0x80, 0xFE, 0xFF];

    // Most files have their headers and indexes in these bytes.
    private const int HeadBytes = 4096;

    public static byte[] Of(byte[] whole, Random random)
    {
        var bytes = (byte[])whole.Clone();
        for (var hits = 1 << random.Next(7); hits > 0; hits--)
        {
            var at = random.Next(3) > 0 ? random.Next(Math.Min(HeadBytes, bytes.Length)) : random.Next(bytes.Length);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = Edges[random.Next(Edges.Length)];
                    break;
                case 2:
                    // Four bytes are often a length or a count.
                    bytes.AsSpan(at, Math.Min(4, bytes.Length - at)).Fill(Edges[random.Next(Edges.Length)]);
                    break;
                case 3:
                    var length = Math.Min(random.Next(1, 64), bytes.Length - at);
                    whole.AsSpan(random.Next(whole.Length - length + 1), length).CopyTo(bytes.AsSpan(at));
                    break;
                default:
                    random.NextBytes(bytes.AsSpan(at, Math.Min(2, bytes.Length - at)));
                    break;
            }
        }
        return random.Next(8) == 0 ? bytes[..random.Next(1, bytes.Length)] : bytes;
    }
}
