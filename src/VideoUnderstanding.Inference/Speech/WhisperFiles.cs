using System.Text.Json;
using VideoUnderstanding.Inference.Manifest;

namespace VideoUnderstanding.Inference.Speech;

/// <summary>The files of one Whisper and what they say.</summary>
internal sealed record WhisperFiles(MelSettings Mel, MelFilters Filters, WhisperConfig Config, WhisperTokenizer Tokenizer, SpeechSettings Settings)
{
    private const string Merged = "decoder_model_merged";

    /// <summary>Reads all but the weights.</summary>
    /// <exception cref="ModelUnavailableException">A file is missing or wrong.</exception>
    public static WhisperFiles Read(ManifestRole role)
    {
        try
        {
            using var preprocessor = Json(role, "preprocessor_config.json");
            using var config = Json(role, "config.json");
            using var generation = Json(role, "generation_config.json");
            var mel = MelSettings.Parse(preprocessor.RootElement);
            var whisper = WhisperConfig.Parse(config.RootElement, generation.RootElement);
            var filters = MelFilters.Find(preprocessor.RootElement, role.PathOf("mel_filters.npz"), mel);
            return new WhisperFiles(mel, filters, whisper, WhisperTokenizer.Load(role.Folder, whisper), SpeechSettings.Parse(role.Settings));
        }
        catch (Exception error) when (error is IOException or InvalidDataException or JsonException or KeyNotFoundException)
        {
            throw new ModelUnavailableException($"The files of {role.ModelId} do not load: {error.Message}");
        }
    }

    /// <summary>Seconds from one time's token to the next.</summary>
    public double TimestampStep => (double)Mel.ChunkSeconds / Config.EncoderPositions;

    /// <exception cref="ModelUnavailableException">The manifest lists no encoder, or the file does not load.</exception>
    public static OnnxSession OpenEncoder(ManifestRole role, OnnxSessions sessions) => sessions.Open(Required(role, "encoder_model"));

    /// <summary>The merged decoder where the manifest lists it, else the pair.</summary>
    /// <exception cref="ModelUnavailableException">The manifest lists no decoder, or a file does not load.</exception>
    public DecoderGraph OpenDecoder(ManifestRole role, OnnxSessions sessions) => Find(role, Merged) is { } merged
        ? new DecoderGraph(sessions.Open(merged), null, Config)
        : new DecoderGraph(sessions.Open(Required(role, "decoder_model")), sessions.Open(Required(role, "decoder_with_past_model")), Config);

    private static string Required(ManifestRole role, string beginning) =>
        Find(role, beginning) ?? throw new ModelUnavailableException($"The manifest lists no {beginning}*.onnx for {role.ModelId}.");

    private static string? Find(ManifestRole role, string beginning) => role.Model.Files
        .Where(file => file.Path.EndsWith(".onnx", StringComparison.Ordinal))
        .Where(file => Path.GetFileName(file.Path).StartsWith(beginning, StringComparison.Ordinal))
        .Where(file => beginning == Merged || !Path.GetFileName(file.Path).StartsWith(Merged, StringComparison.Ordinal))
        .Select(file => role.PathOf(file.Path))
        .FirstOrDefault();

    private static JsonDocument Json(ManifestRole role, string name) => JsonDocument.Parse(File.ReadAllBytes(role.PathOf(name)));
}
