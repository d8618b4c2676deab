using System.Text;

namespace VideoUnderstanding.UnitTests.Fuzz;

/// <summary>Mutates text formats: bytes, keywords of parsers, and pieces that are repeated, moved or removed.</summary>
internal static class Mutation
{
    private static readonly byte[][] Words =
    [
        .. new[] { "\0", "\uFEFF", "\u202E", "💥", "é", "null", "true", "-1", "1e999", "99999999999999999999", "NaN", "[", "]", "{", "}",
            "\"", "\\", "\\u0000", "\\ud800", "\"$and\":", "\"text\":", ",", ":", "-->", "\n\n", "\r", "\r\n", "WEBVTT",
            "00:00:99,999", "999999999:00:00.000", "--edge", "--", "filename=\"../../x\"", "filename*=UTF-8''%2e%2e%2f", ";", "=", "'", "%",
            "../", "-0", "0", " ", "\t" }.Select(Encoding.UTF8.GetBytes),
        [0xFF, 0xFE], [0xC0, 0x80], [0xED, 0xA0, 0x80],
    ];

    public static byte[] Of(byte[] good, Random random)
    {
        var bytes = new List<byte>(good);
        for (var hits = 1 + random.Next(3) * random.Next(3); hits > 0; hits--)
        {
            var at = random.Next(bytes.Count + 1);
            var length = Math.Min(random.Next(1, 40), bytes.Count - at);
            switch (random.Next(7))
            {
                case 0 when length > 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, length);
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count - length + 1), length));
                    break;
                case 3:
                    // Repeats a piece many times, which gives deep nesting, long lines and many elements.
                    var piece = random.Next(2) == 0 ? bytes.GetRange(at, length) : [.. Words[random.Next(Words.Length)]];
                    for (var times = random.Next(1, 400); times > 0; times--)
                        bytes.InsertRange(at, piece);
                    break;
                case 4:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    bytes.InsertRange(at, Words[random.Next(Words.Length)]);
                    break;
            }
        }
        return [.. bytes];
    }
}
