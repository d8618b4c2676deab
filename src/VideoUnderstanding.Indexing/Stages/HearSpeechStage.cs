using System.Runtime.CompilerServices;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Indexing.Progress;
using VideoUnderstanding.Indexing.Speech;
using VideoUnderstanding.Indexing.Transcripts;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Indexing.Stages;

/// <summary>What is said in the video, from its sound or from the user's own transcript, as text segments with vectors.</summary>
public sealed class HearSpeechStage(SoundReader sounds, ModelSet models) : IIndexingStage
{
    public string Name => "hear_speech";
    public double Weight => 0.2;

    public bool AppliesTo(IndexingRun run) => run.Has(IndexOptions.Conversation);

    public async Task<StageWrites> RunAsync(IndexingRun run, StageProgress progress, CancellationToken cancellationToken)
    {
        var spoken = run.Task.ProvidesTranscription
            ? await ReadTranscriptAsync(run, cancellationToken)
            : await TranscribeAsync(run, progress, cancellationToken);
        // Without a word no model is needed.
        var rows = spoken.Count == 0 ? [] : await TextSegmentRows.EmbedAsync(run, TextSource.Speech, spoken, models.Text, cancellationToken);
        return (db, token) => TextSegmentRows.ReplaceAsync(db, run.VideoId, TextSource.Speech, rows, token);
    }

    /// <summary>The user's times are kept as they are, but end with the video.</summary>
    private static async Task<List<SpokenText>> ReadTranscriptAsync(IndexingRun run, CancellationToken cancellationToken)
    {
        var duration = run.Media.DurationSeconds;
        try
        {
            var cues = await SubtitleParser.ReadFileAsync(run.TranscriptPath, cancellationToken);
            return [.. cues.Where(cue => cue.Start < duration).Select(cue => new SpokenText(cue.Start, Math.Min(cue.End, duration), cue.Text))];
        }
        catch (FormatException exception)
        {
            throw new IndexingFailedException("transcription_not_supported", $"The transcription must be an SRT or VTT file. {exception.Message}", exception);
        }
        catch (FileNotFoundException exception)
        {
            throw new IndexingFailedException("transcription_url_not_exists", "The transcription is no longer there.", exception);
        }
    }

    private async Task<List<SpokenText>> TranscribeAsync(IndexingRun run, StageProgress progress, CancellationToken cancellationToken)
    {
        var spoken = new List<SpokenText>();
        if (run.Media.Audio is null)
            return spoken;
        var sound = FollowAsync(sounds.ReadAsync(run.VideoPath, run.Media, cancellationToken), run.Media.DurationSeconds, progress, cancellationToken);
        await foreach (var segment in models.Speech.TranscribeAsync(sound, run.Task.Language, cancellationToken))
            spoken.AddRange(SpeechSentences.Cut(segment.Start, segment.End, segment.Text));
        return spoken;
    }

    private static async IAsyncEnumerable<float[]> FollowAsync(
        IAsyncEnumerable<float[]> sound, double duration, StageProgress progress, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var samples = 0L;
        await foreach (var block in sound.WithCancellation(cancellationToken))
        {
            yield return block;
            samples += block.Length;
            progress.Report(samples / (SoundReader.SampleRate * duration));
        }
    }
}
