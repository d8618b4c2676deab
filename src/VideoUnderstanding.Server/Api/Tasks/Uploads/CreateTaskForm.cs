namespace VideoUnderstanding.Server.Api.Tasks.Uploads;

/// <summary>The fields and files of a createTask form. CONTRACT, section 6.1. Disposing it deletes files that were not moved.</summary>
public sealed class CreateTaskForm : IDisposable
{
    public const string IndexIdField = "index_id";
    public const string VideoFileField = "video_file";
    public const string VideoUrlField = "video_url";
    public const string LanguageField = "language";
    public const string ProvideTranscriptionField = "provide_transcription";
    public const string TranscriptionFileField = "transcription_file";
    public const string TranscriptionUrlField = "transcription_url";

    /// <summary>The name of <see cref="VideoFileField"/> before October 2022.</summary>
    public const string VideoFileAlias = "file";

    /// <summary>If true, task and video have no <c>hls</c> member.</summary>
    public const string DisableVideoStreamField = "disable_video_stream";

    private readonly Dictionary<string, string> _texts = [];

    public ReceivedFile? Video { get; set; }
    public ReceivedFile? Transcription { get; set; }

    /// <summary>Value of a text field; null if it is missing or empty.</summary>
    public string? this[string field]
    {
        get => _texts.GetValueOrDefault(field) is { Length: > 0 } text ? text : null;
        set => _texts[field] = value?.Trim() ?? "";
    }

    /// <summary>All allowed fields.</summary>
    public static IReadOnlyList<string> Fields { get; } = [IndexIdField, VideoFileField, VideoFileAlias, VideoUrlField, LanguageField,
        ProvideTranscriptionField, TranscriptionFileField, TranscriptionUrlField, DisableVideoStreamField];

    public static bool IsKnown(string field) => Fields.Contains(field);

    public static bool IsVideo(string field) => field is VideoFileField or VideoFileAlias;

    public static bool IsTranscription(string field) => field is TranscriptionFileField;

    public void Dispose()
    {
        foreach (var file in (ReceivedFile?[])[Video, Transcription])
            if (file is not null)
                File.Delete(file.Path);
    }
}
