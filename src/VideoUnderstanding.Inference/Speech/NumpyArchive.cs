using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace VideoUnderstanding.Inference.Speech;

/// <summary>Reads arrays of 32-bit floats from numpy's .npz: a zip of .npy files, each a magic, a header that is a Python literal, and the raw numbers.</summary>
public static partial class NumpyArchive
{
    /// <returns>Null when the archive has no array of that name.</returns>
    /// <exception cref="InvalidDataException">The array is not of little-endian 32-bit floats in C order.</exception>
    public static NumpyArray? Read(string path, string name)
    {
        using var archive = ZipFile.OpenRead(path);
        if (archive.GetEntry(name + ".npy") is not { } entry)
            return null;
        using var stream = entry.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return Parse(bytes.ToArray(), name);
    }

    internal static NumpyArray Parse(ReadOnlySpan<byte> bytes, string name)
    {
        if (bytes.Length < 12 || bytes[0] != 0x93 || !bytes[1..].StartsWith("NUMPY"u8))
            throw new InvalidDataException($"{name} is not a numpy array.");
        // Version 1 gives the header's length in two bytes, later ones in four.
        var start = bytes[6] == 1 ? 10 : 12;
        var length = bytes[6] == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]) : BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        var header = Encoding.Latin1.GetString(bytes.Slice(start, length));
        if (!header.Contains("'<f4'", StringComparison.Ordinal) || header.Contains("'fortran_order': True", StringComparison.Ordinal))
            throw new InvalidDataException($"{name} does not hold little-endian 32-bit floats in C order: {header.Trim()}");
        var shape = Shape().Match(header).Groups[1].Value
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(part => int.Parse(part, CultureInfo.InvariantCulture)).ToArray();
        return new NumpyArray(shape, MemoryMarshal.Cast<byte, float>(bytes[(start + length)..]).ToArray());
    }

    [GeneratedRegex(@"'shape':\s*\(([^)]*)\)")]
    private static partial Regex Shape();
}

/// <summary>Numbers and their shape, the last axis running fastest.</summary>
public sealed record NumpyArray(IReadOnlyList<int> Shape, float[] Values);
