using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace VideoUnderstanding.TestAssets.Tiny;

/// <summary>A byte-level byte-pair vocabulary in which selected words are one token each. All other text is split into smaller pieces, down
/// to bytes.</summary>
internal sealed class BytePairVocabulary
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string _wordEnd;
    private readonly List<(string Left, string Right)> _merges = [];
    private readonly Dictionary<string, int> _ids = [];

    /// <param name="wordEnd">Suffix of the last symbol of a word: <c>&lt;/w&gt;</c> for CLIP, nothing for GPT-2 and Whisper.</param>
    public BytePairVocabulary(string wordEnd)
    {
        _wordEnd = wordEnd;
        foreach (var symbol in ByteSymbols())
            Add(symbol);
        if (wordEnd.Length > 0)
            foreach (var symbol in ByteSymbols())
                Add(symbol + wordEnd);
    }

    public int Count => _ids.Count;

    public int Add(string token) => _ids.TryGetValue(token, out var id) ? id : _ids[token] = _ids.Count;

    /// <summary>Adds the merges that make the word one token. Existing merges keep their rank, so words that were added before remain one
    /// token.</summary>
    /// <param name="word">ASCII. In vocabularies without a word end a leading space is part of the word.</param>
    public int AddWord(string word)
    {
        var symbols = Split(word);
        while (symbols.Count > 1)
        {
            var (left, right) = (symbols[0], symbols[1]);
            _merges.Add((left, right));
            Add(left + right);
            symbols = Split(word);
        }
        return _ids[symbols[0]];
    }

    public void Write(string folder)
    {
        File.WriteAllText(Path.Combine(folder, "vocab.json"), JsonSerializer.Serialize(_ids, Json));
        File.WriteAllText(Path.Combine(folder, "merges.txt"),
            "#version: 0.2\n" + string.Concat(_merges.Select(merge => $"{merge.Left} {merge.Right}\n")));
    }

    private List<string> Split(string word)
    {
        var symbols = word.Select(letter => Symbol((byte)letter)).ToList();
        symbols[^1] += _wordEnd;
        foreach (var (left, right) in _merges)
            for (var i = 0; i < symbols.Count - 1; i++)
                if (symbols[i] == left && symbols[i + 1] == right)
                {
                    symbols[i] = left + right;
                    symbols.RemoveAt(i + 1);
                }
        return symbols;
    }

    private static IEnumerable<string> ByteSymbols()
        => Enumerable.Range(0, 256).OrderBy(value => IsPrintable(value) ? 0 : 1).ThenBy(value => value)
            .Select(value => Symbol((byte)value));

    /// <summary>GPT-2 maps bytes that are not printable to the characters from U+0100 on, in byte order.</summary>
    private static string Symbol(byte value) => IsPrintable(value)
        ? ((char)value).ToString()
        : ((char)(256 + Enumerable.Range(0, value).Count(other => !IsPrintable(other)))).ToString();

    private static bool IsPrintable(int value) => value is >= '!' and <= '~' or >= 0xA1 and <= 0xAC or >= 0xAE and <= 0xFF;
}
