using System.Security.Cryptography;

namespace VideoUnderstanding.Data.Entities;

/// <summary>Ids of API v1.1: 24 lower-case hexadecimal digits, 4 bytes of time and 8 random bytes, so that they sort by age.</summary>
public static class ObjectIds
{
    public static string New(TimeProvider clock)
    {
        Span<byte> bytes = stackalloc byte[12];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)clock.GetUtcNow().ToUnixTimeSeconds());
        RandomNumberGenerator.Fill(bytes[4..]);
        return Convert.ToHexStringLower(bytes);
    }

    public static bool IsWellFormed(string? id) => id is { Length: 24 } && id.All(char.IsAsciiHexDigit);
}
