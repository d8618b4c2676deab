using System.Text.Json;

namespace VideoUnderstanding.TestAssets.Tiny;

/// <summary>The tokens of the tiny speech model: bytes, the words of the phrases, and Whisper's special tokens under numbers of their own.</summary>
internal sealed class TinySpeechVocabulary
{
    public const int Times = 1501;
    private readonly BytePairVocabulary _pairs = new("");
    private readonly Dictionary<string, int> _special = [];

    public TinySpeechVocabulary()
    {
        // A sentence starts with a space, as in Whisper's text; the full stop stays with its word.
        Phrases = [.. TinyPhrases.All.Select(phrase => phrase.Text.Split(' ').Select(word => _pairs.AddWord(" " + word)).ToArray())];
        Words = _pairs.Count;
        (Start, German, English) = (Special("<|startoftranscript|>"), Special("<|de|>"), Special("<|en|>"));
        (Transcribe, Translate) = (Special("<|transcribe|>"), Special("<|translate|>"));
        Previous = Special("<|startofprev|>");
        NoSpeech = Special("<|nospeech|>");
        End = Special("<|endoftext|>");
        NoTimes = Special("<|notimestamps|>");
    }

    /// <summary>The tokens of each phrase.</summary>
    public int[][] Phrases { get; }

    /// <summary>Tokens below this number are text.</summary>
    public int Words { get; }

    public int Start { get; }
    public int German { get; }
    public int English { get; }
    public int Transcribe { get; }
    public int Translate { get; }
    public int Previous { get; }
    public int NoSpeech { get; }
    public int End { get; }
    public int NoTimes { get; }
    public int FirstTime => NoTimes + 1;
    public int Count => FirstTime + Times;

    public void Write(string folder)
    {
        _pairs.Write(folder);
        File.WriteAllText(Path.Combine(folder, "added_tokens.json"), JsonSerializer.Serialize(_special));
        File.WriteAllText(Path.Combine(folder, "generation_config.json"), JsonSerializer.Serialize(new
        {
            begin_suppress_tokens = new[] { End },
            decoder_start_token_id = Start,
            eos_token_id = End,
            no_timestamps_token_id = NoTimes,
            is_multilingual = true,
            lang_to_id = new Dictionary<string, int> { ["<|en|>"] = English, ["<|de|>"] = German },
            task_to_id = new { transcribe = Transcribe, translate = Translate },
            max_length = 96,
        }));
    }

    private int Special(string token) => _special[token] = Words + _special.Count;
}
