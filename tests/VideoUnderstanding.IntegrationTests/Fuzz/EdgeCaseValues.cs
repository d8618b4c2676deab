using System.Text;

namespace VideoUnderstanding.IntegrationTests.Fuzz;

/// <summary>Values that often reveal errors in parsers and validation.</summary>
internal static class EdgeCaseValues
{
    private static readonly string[] Texts =
    [
        "", " ", "\t", "null", "undefined", "true", "True", "-1", "0", "00", "1.5", "1e999", "-1e308", "NaN", "Infinity", "0x10",
        "2147483648", "99999999999999999999999",
        "..", ".", "../../../../etc/passwd", "..\\..\\windows", "/", "//", "\\", "%", "%2e%2e%2f", "a/b", "file:///etc/passwd",
        "http://[::1", "http://", "s3://x", "javascript:1",
        "'; DROP TABLE videos; --", "\" OR 1=1", "$[*] ? (@ > 0)", "{\"$ne\": null}", "{{7*7}}", "${x}", "<script>", "a\r\nX-Injected: 1",
        "💥", "\u202Eevil", "e\u0301", "\uFEFF", "\uFFFF", "\uD7FF", "İ", "ﷺ", "\u0001", "\u007F", "名前",
        "2022-05-17", "2022-13-45", "0001-01-01", "9999-12-31", "9999-12-31T23:59:59.9999999Z", "+10000-01-01", "2022-05-17T25:00:00Z",
        "2022-05-17T00:00:00+99:00",
        "000000000000000000000000", "ZZZZZZZZZZZZZZZZZZZZZZZZ", "00000000000000000000000", "00000000-0000-0000-0000-000000000000-0",
        "00000000-0000-0000-0000-000000000000-99999999999",
        "visual,,conversation", "_id", "[gte]", "$and", "__proto__", "constructor",
    ];

    private static readonly string[] Json =
    [
        "null", "true", "false", "0", "-0", "-1", "1e400", "-1e400", "1e-400", "0.1", "99999999999999999999999999", "2147483648",
        "9223372036854775808", "[]", "{}", "[null]", "[[]]", "[{}]",
        "[1,\"a\",null]", "{\"\":\"\"}", "{\"gte\":\"1\"}", "{\"gte\":1e308,\"lte\":-1e308}", "{\"text\":1}", "{\"$and\":{}}",
        "{\"$not\":[]}", "\"\\ud800\"", "\"\\u0000\"", "\"a\\u0000b\"", "\"\"", "{\"a\":{\"b\":[]}}",
    ];

    public static string Text(Random random) => random.Next(12) switch
    {
        0 => new string('a', random.Next(1, 4000)),
        1 => string.Concat(Enumerable.Range(0, random.Next(1, 30)).Select(_ => char.ConvertFromUtf32(random.Next(0x20, 0xD000)))),
        2 => Texts[random.Next(Texts.Length)] + Texts[random.Next(Texts.Length)],
        _ => Texts[random.Next(Texts.Length)],
    };

    /// <summary>A JSON value of any type, which is wrong in most places.</summary>
    public static string Value(Random random) => random.Next(6) switch
    {
        0 => System.Text.Json.JsonSerializer.Serialize(Text(random)),
        1 => Deep(random.Next(2, 90), random.Next(2) == 0),
        _ => Json[random.Next(Json.Length)],
    };

    /// <summary>A part of an address: escaped, partly escaped, or with bytes that are not UTF-8. Never contains U+0000, because Kestrel
    /// refuses it before the request reaches the server's code.</summary>
    public static string AddressPart(Random random) => random.Next(4) switch
    {
        0 => new[]
        {
            "%ff%fe", "%c0%af", "%2e%2e%2f%2e%2e", "%252e", "%ed%a0%80", "..", "%2F", ";a=b", "%5c", "a%20b", "%F0%9F%92%A5", "*", "~",
        }[random.Next(13)],
        _ => Uri.EscapeDataString(Text(random).Trim('.')) is { Length: > 0 and < 6000 } part ? part : "x",
    };

    /// <summary>Invalid variants of a JSON text, or other bytes.</summary>
    public static byte[] Broken(byte[] json, Random random)
    {
        switch (random.Next(8))
        {
            case 0:
                return json[..random.Next(json.Length)];
            case 1:
                return [.. json, .. "}"u8];
            case 2:
                return Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(json));
            case 3:
                return [.. Encoding.UTF8.Preamble, .. json];
            case 4:
                var bytes = (byte[])json.Clone();
                for (var i = 0; i < 3; i++)
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                return bytes;
            case 5:
                return [0xFF, 0xFE, 0xC0, 0x80];
            case 6:
                return Encoding.UTF8.GetBytes(Deep(random.Next(1, 5000), random.Next(2) == 0));
            default:
                return Encoding.UTF8.GetBytes($"{{\"query\":\"{new string('x', 1_200_000)}\"}}");
        }
    }

    private static string Deep(int levels, bool arrays) => arrays
        ? new string('[', levels) + new string(']', levels)
        : string.Concat(Enumerable.Repeat("{\"$and\":[", levels)) + string.Concat(Enumerable.Repeat("]}", levels));
}
