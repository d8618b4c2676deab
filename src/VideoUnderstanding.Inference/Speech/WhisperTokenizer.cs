using System.Globalization;
using System.Text;
using System.Text.Json;

namespace VideoUnderstanding.Inference.Speech;

/// <summary>Turns a Whisper's tokens into text and knows its special tokens by name.</summary>
public sealed class WhisperTokenizer
{
    // One token has had both names.
    private static readonly string[] NoSpeechNames = ["<|nospeech|>", "<|nocaptions|>"];

    private readonly Dictionary<int, byte[]> _pieces;
    private readonly Dictionary<string, int> _specials;

    private WhisperTokenizer(Dictionary<int, byte[]> pieces, Dictionary<string, int> specials, int noTimestamps)
    {
        (_pieces, _specials) = (pieces, specials);
        FirstTimestamp = Find("<|0.00|>") ?? noTimestamps + 1;
        // Where the special tokens have no names file, Whisper's order of them tells: no speech, no timestamps, times.
        NoSpeech = NoSpeechNames.Select(Find).FirstOrDefault(id => id is not null) ?? noTimestamps - 1;
    }

    /// <summary>Token of the time 0.00; the later times follow it.</summary>
    public int FirstTimestamp { get; }

    /// <summary>Token whose probability right after the start says that nobody speaks.</summary>
    public int NoSpeech { get; }

    /// <summary>From vocab.json and added_tokens.json, or multilingual.tiktoken (gpt2.tiktoken for English only) where that is all there is.</summary>
    public static WhisperTokenizer Load(string folder, WhisperConfig config)
    {
        var vocabulary = Path.Combine(folder, "vocab.json");
        var added = Path.Combine(folder, "added_tokens.json");
        var ranks = new[] { "multilingual.tiktoken", "gpt2.tiktoken" }.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        var specials = File.Exists(added) ? JsonSerializer.Deserialize<Dictionary<string, int>>(File.ReadAllBytes(added))! : [];
        if (File.Exists(vocabulary))
            return new WhisperTokenizer(ParseVocabulary(File.ReadAllBytes(vocabulary), specials), specials, config.NoTimestamps);
        if (ranks is not null)
            return new WhisperTokenizer(ParseRanks(File.ReadLines(ranks)), specials, config.NoTimestamps);
        throw new ModelUnavailableException($"The folder {folder} has neither vocab.json nor a .tiktoken file.");
    }

    /// <summary>Id of a special token such as <c>&lt;|transcribe|&gt;</c>; null when the model has none of that name.</summary>
    public int? Find(string name) => _specials.TryGetValue(name, out var id) ? id : null;

    /// <summary>True for tokens that stand for no text: times, languages, tasks, marks.</summary>
    public bool IsSpecial(int token) => !_pieces.ContainsKey(token);

    /// <summary>The text of the tokens, special ones left out. A letter may be spread over several tokens.</summary>
    public string Decode(IEnumerable<int> tokens)
    {
        var bytes = new List<byte>();
        foreach (var token in tokens)
        {
            if (_pieces.TryGetValue(token, out var piece))
                bytes.AddRange(piece);
        }
        return Encoding.UTF8.GetString([.. bytes]);
    }

    internal static Dictionary<int, byte[]> ParseVocabulary(ReadOnlySpan<byte> json, Dictionary<string, int> specials)
    {
        var bytes = LettersToBytes();
        var pieces = new Dictionary<int, byte[]>();
        foreach (var (text, id) in JsonSerializer.Deserialize<Dictionary<string, int>>(json)!)
        {
            if (text.StartsWith("<|", StringComparison.Ordinal) && text.EndsWith("|>", StringComparison.Ordinal))
                specials.TryAdd(text, id);
            else
                pieces[id] = [.. text.Select(letter => bytes[letter])];
        }
        return pieces;
    }

    internal static Dictionary<int, byte[]> ParseRanks(IEnumerable<string> lines) => lines
        .Select(line => line.Split(' '))
        .Where(parts => parts.Length == 2)
        .ToDictionary(parts => int.Parse(parts[1], CultureInfo.InvariantCulture), parts => Convert.FromBase64String(parts[0]));

    /// <summary>Byte-level BPE writes each byte as a visible letter: printable Latin-1 as itself, the 68 others as the letters from U+0100 on.</summary>
    private static Dictionary<char, byte> LettersToBytes()
    {
        var letters = new Dictionary<char, byte>();
        var next = 0x100;
        for (var value = 0; value < 256; value++)
        {
            var visible = value is >= '!' and <= '~' or >= 0xA1 and <= 0xAC or >= 0xAE and <= 0xFF;
            letters[visible ? (char)value : (char)next++] = (byte)value;
        }
        return letters;
    }
}
