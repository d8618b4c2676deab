using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Indexing.Speech;
using VideoUnderstanding.Indexing.Stages;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Indexing.Switching;

/// <summary>Recognises the speech of a stored video with another model.</summary>
public sealed class SpeechAgain(VideoDbContext db, IFileStore store, MediaProbe probe, SpeechTrack tracks)
{
    /// <returns>The rows of the transcript; null if the user provided the transcript, which is then kept.</returns>
    /// <exception cref="MediaException">The sound cannot be decoded.</exception>
    /// <exception cref="ModelSwitchException">The file of the video is missing.</exception>
    public async Task<List<TextSegment>?> TranscribeAsync(
        string indexId, string videoId, ModelSet models, CancellationToken cancellationToken)
    {
        // The file of a transcript remains if its task is deleted.
        if (await store.FindAsync(StoredFiles.TranscriptKey(videoId), cancellationToken) is not null)
            return null;
        var language = await db.Tasks.Where(task => task.VideoId == videoId).Select(task => task.Language)
            .FirstOrDefaultAsync(cancellationToken) ?? LanguageOptions.Auto;
        using var file = await store.OpenLocalAsync(StoredFiles.VideoKey(videoId), cancellationToken)
            ?? throw new ModelSwitchException("its file is missing");
        var media = await probe.ReadAsync(file.Path, cancellationToken);
        var texts = await tracks.TranscribeAsync(file.Path, media, models.Speech, language, videoId, cancellationToken);
        // Without speech no text model is needed.
        return texts.Count == 0 ? [] : await TextSegmentRows.EmbedAsync(
            new TextPlace(indexId, videoId, TextSource.Speech, IndexingRun.TextLanguageOf(language)), texts, 0, models.Text,
            cancellationToken);
    }
}
