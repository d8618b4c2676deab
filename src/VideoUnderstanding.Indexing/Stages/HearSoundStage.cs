using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Indexing.Journal;
using VideoUnderstanding.Indexing.Progress;
using VideoUnderstanding.Indexing.Sound;
using VideoUnderstanding.Indexing.Speech;
using VideoUnderstanding.Indexing.Transcripts;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Sound;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Indexing.Stages;

/// <summary>Decodes the sound track once for speech recognition and sound classification. Speech, or the user's transcript, becomes text
/// segments with vectors; other sound becomes moments with classes.</summary>
public sealed partial class HearSoundStage(SoundReader sounds, SpeechTrack tracks, ModelSets modelSets, IOptions<SoundOptions> options,
    ChunkCommits chunks, ILogger<HearSoundStage> logger) : IIndexingStage
{
    /// <summary>Queue length per consumer, in blocks of one second of sound (64 kB).</summary>
    private const int QueueLength = 8;

    public string Name => "hear_sound";
    public double Weight => 0.4;
    public bool IsParallel => true;
    public bool UsesModels => true;

    public bool AppliesTo(IndexingRun run) => run.Has(IndexOptions.Conversation) || run.Has(IndexOptions.Visual);

    public async Task<StageWrites> RunAsync(IndexingRun run, StageProgress progress, CancellationToken cancellationToken)
    {
        var models = modelSets.Of(run.Profile).Models;
        var speech = new SpeechRows(run, models, chunks.Begin(run));
        var unread = run.Has(IndexOptions.Conversation) && run.Task.ProvidesTranscription
            ? await ReadTranscriptAsync(run, speech, cancellationToken) : null;
        var moments = run.Has(IndexOptions.Visual) && models.Has(ModelRole.Sound) && run.Media.Audio is not null
            ? new SoundMomentBuilder(models.Sound.Classes, models.Sound.Windows, options.Value, run.Media.DurationSeconds)
            : null;
        var warning = await HearAsync(run, models, speech, moments, progress, cancellationToken) ?? unread;
        var texts = await speech.EmbedAsync(cancellationToken);
        return async (db, token) =>
        {
            if (run.Has(IndexOptions.Conversation))
                await SearchRows.ReplaceSegmentsAsync(db, speech.Remaining, TextSource.Speech, texts, token);
            await db.Tasks.Where(task => task.Id == run.Task.Id)
                .ExecuteUpdateAsync(row => row.SetProperty(task => task.Warning, warning), token);
            var all = VideoRange.All(run.Index.Id, run.VideoId);
            if (run.Has(IndexOptions.Visual))
                await SearchRows.ReplaceSoundsAsync(db, all, SoundMomentRows.Of(all, moments?.Close() ?? []), token);
        };
    }

    /// <summary>Keeps the times of the user's transcript, limited to the duration of the video.</summary>
    /// <returns>A warning if lines were dropped; otherwise null.</returns>
    private async Task<string?> ReadTranscriptAsync(IndexingRun run, SpeechRows speech, CancellationToken cancellationToken)
    {
        var duration = run.Media.DurationSeconds;
        try
        {
            var transcript = run.Transcript ?? throw new IndexingFailedException("transcription_url_not_exists",
                "The transcription is no longer there.");
            var file = await SubtitleParser.ReadFileAsync(transcript.Path, cancellationToken);
            if (file.Warning is { } warning)
                LogLinesDropped(logger, run.Task.Id, warning);
            foreach (var text in file.Cues.SelectMany(cue => TextSplitter.Split(new SpokenText(cue.Start, cue.End, cue.Text)))
                .Where(text => text.Start < duration))
                speech.Add(text with { End = Math.Min(text.End, duration) });
            return file.Warning;
        }
        catch (FormatException exception)
        {
            throw new IndexingFailedException("transcription_not_supported",
                $"The transcription must be an SRT or VTT file. {exception.Message}", exception);
        }
    }

    /// <summary>Adds the recognised speech to <paramref name="speech"/> and the sound windows to <paramref name="moments"/>.</summary>
    /// <returns>A warning for the task; null if there is none.</returns>
    private async Task<string?> HearAsync(IndexingRun run, ModelSet models, SpeechRows speech, SoundMomentBuilder? moments,
        StageProgress progress, CancellationToken cancellationToken)
    {
        string? warning = null;
        var needsSpeech = run.NeedsSound && run.Media.Audio is not null;
        List<StreamConsumer<float[]>> consumers = [];
        if (needsSpeech)
            consumers.Add(async (blocks, token) => warning = await TranscribeAsync(blocks, models, run.Task.Language, speech, token));
        if (moments is not null)
            consumers.Add((blocks, token) => ListenAsync(blocks, models, moments, chunks.Begin(run), token));
        if (consumers.Count == 0)
            return null;
        var media = needsSpeech
            ? await tracks.ChooseAsync(run.VideoPath, run.Media, models.Speech, run.VideoId, cancellationToken)
            : run.Media;
        var samples = 0L;
        void Report(float[] block)
        {
            samples += block.Length;
            progress.Report(samples / (SoundReader.SampleRate * run.Media.DurationSeconds));
        }
        try
        {
            await StreamBroadcast.RunAsync(sounds.ReadAsync(run.VideoPath, media, cancellationToken), consumers, QueueLength, Report,
                cancellationToken);
        }
        catch (MediaException broken) when (!needsSpeech)
        {
            // The index accepts videos without sound, so a damaged sound track is no failure. The part before the damage is kept.
            LogSoundLost(logger, broken, run.Task.Id);
        }
        return warning;
    }

    /// <returns>A warning if the speech is in another language than <paramref name="language"/>; otherwise null.</returns>
    private static async Task<string?> TranscribeAsync(
        IAsyncEnumerable<float[]> blocks, ModelSet models, string language, SpeechRows speech, CancellationToken cancellationToken)
    {
        var transcription = models.Speech.Begin(language);
        await foreach (var segment in transcription.ReadAsync(speech.CommitChunksAsync(blocks, cancellationToken), cancellationToken))
            speech.Add(new SpokenText(segment.Start, segment.End, segment.Text) { Language = segment.Language });
        return transcription.OtherLanguage is { } other ? LanguageWarning(language, other) : null;
    }

    private static string LanguageWarning(string given, string heard)
        => $"The video was transcribed as '{given}', but its speech seems to be in '{heard}'. "
            + $"Create the task again with language '{heard}' or '{LanguageOptions.Auto}'.";

    private static Task ListenAsync(IAsyncEnumerable<float[]> blocks, ModelSet models, SoundMomentBuilder moments, RowChunks rows,
        CancellationToken cancellationToken)
    {
        if (models.Sound.Windows.SampleRate != SoundReader.SampleRate)
            throw new ModelUnavailableException(
                $"The sound model takes {models.Sound.Windows.SampleRate} samples a second, but decoded sound has "
                    + $"{SoundReader.SampleRate}.");
        return new SoundListener(models.Sound).ListenAsync(
            rows.WithCommitsAsync(blocks, (time, token) => CommitAsync(rows, moments, time, token), cancellationToken), moments.Add,
            cancellationToken);
    }

    /// <summary>The final moments are known only at the end of the video, so each chunk rewrites all moments before it.</summary>
    private static Task CommitAsync(RowChunks rows, SoundMomentBuilder moments, double time, CancellationToken cancellationToken)
    {
        List<DetectedMoment> heard = [.. moments.CurrentMoments().Where(moment => moment.Start < time)];
        return rows.CommitAsync(time, (db, range, token) => SearchRows.ReplaceSoundsAsync(
            db, range with { From = double.NegativeInfinity }, SoundMomentRows.Of(range, heard), token), cancellationToken);
    }

    [LoggerMessage(EventId = 2041, Level = LogLevel.Warning, Message = "Task {TaskId}: {Warning}")]
    private static partial void LogLinesDropped(ILogger logger, string taskId, string warning);

    [LoggerMessage(EventId = 2040, Level = LogLevel.Warning,
        Message = "Task {TaskId}: the sound track is broken; sound search covers only the part before the damage")]
    private static partial void LogSoundLost(ILogger logger, Exception exception, string taskId);
}
