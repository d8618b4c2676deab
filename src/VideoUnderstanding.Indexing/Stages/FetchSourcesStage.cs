using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Quotas;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Indexing.Fetching;
using VideoUnderstanding.Indexing.Filenames;
using VideoUnderstanding.Indexing.Progress;
using VideoUnderstanding.Indexing.Transcripts;

namespace VideoUnderstanding.Indexing.Stages;

/// <summary>Fetches a video and a transcript from their addresses.</summary>
public sealed class FetchSourcesStage(
    SourceFetcher fetcher, IFileStore store, DataFolder folder, StorageQuotas quotas, IOptions<MediaLimits> limits,
    IOptions<FetchingOptions> fetching)
    : IIndexingStage
{
    public string Name => "fetch_sources";
    public double Weight => 0;
    public bool Validates => true;

    public bool AppliesTo(IndexingRun run) => run.Task.VideoUrl is not null || run.Task.TranscriptionUrl is not null;

    public async Task<StageWrites> RunAsync(IndexingRun run, StageProgress progress, CancellationToken cancellationToken)
    {
        // The transcript first, because an invalid one makes the large download unnecessary.
        if (run.Task.TranscriptionUrl is { } transcript)
            await FetchTranscriptAsync(transcript, run, cancellationToken);
        if (run.Task.VideoUrl is not { } video)
            return (_, _) => Task.CompletedTask;
        run.Space?.Dispose();
        run.Space = quotas.Open(run.Task.AccountId, run.VideoId);
        var fetched = await FetchVideoAsync(video, run, progress, cancellationToken);
        // The host's file name is preferred, because the URL may be that of a script.
        var filename = ShownFilename.Find(fetched.Filename) ?? run.Task.Filename;
        return async (db, token) =>
        {
            await db.Tasks.Where(row => row.Id == run.Task.Id)
                .ExecuteUpdateAsync(row => row.SetProperty(column => column.Filename, filename), token);
            await db.Videos.Where(row => row.Id == run.VideoId).ExecuteUpdateAsync(row => row
                .SetProperty(column => column.Filename, filename)
                .SetProperty(column => column.Size, fetched.Bytes)
                .SetProperty(column => column.Sha256, fetched.Sha256), token);
        };
    }

    private async Task FetchTranscriptAsync(string address, IndexingRun run, CancellationToken cancellationToken)
    {
        try
        {
            await FetchAsync(address, run, StoredFiles.TranscriptKey(run.VideoId), fetching.Value.MaxTranscriptBytes, _ => { }, null,
                async temporary => await SubtitleParser.ReadFileAsync(temporary, cancellationToken), cancellationToken);
        }
        catch (FetchException exception)
        {
            throw new IndexingFailedException("transcription_url_not_accessible",
                $"The transcription at {address} cannot be fetched. {exception.Message}", exception, exception.IsTransient);
        }
        catch (FormatException exception)
        {
            throw new IndexingFailedException("transcription_not_supported",
                $"The transcription must be an SRT or VTT file. {exception.Message}", exception);
        }
    }

    private async Task<FetchedFile> FetchVideoAsync(
        string address, IndexingRun run, StageProgress progress, CancellationToken cancellationToken)
    {
        try
        {
            return await FetchAsync(address, run, StoredFiles.VideoKey(run.VideoId), limits.Value.MaxBytes, progress.ReportUpload,
                run.Space, _ => Task.CompletedTask, cancellationToken);
        }
        catch (FetchException exception)
        {
            var rule = exception.TooLarge ? MediaRules.TooLarge(limits.Value)
                : MediaRules.Broken($"Its address cannot be fetched. {exception.Message}");
            throw new IndexingFailedException(rule.Code, rule.Message, exception, exception.IsTransient);
        }
        catch (QuotaExceededException exception)
        {
            throw new IndexingFailedException(QuotaExceededException.Code, exception.Message, exception);
        }
    }

    /// <summary>Downloads to a temporary file, checks it, and moves it to the store atomically.</summary>
    private async Task<FetchedFile> FetchAsync(
        string address, IndexingRun run, string key, long maxBytes, Action<double> onProgress, SpaceReservation? space,
        Func<string, Task> check, CancellationToken cancellationToken)
    {
        var temporary = folder.NewTemporaryPath();
        try
        {
            var fetched = await fetcher.FetchAsync(address, run.Task.AccountId, temporary, maxBytes, onProgress, space, cancellationToken);
            await check(temporary);
            await store.MoveInAsync(key, temporary, cancellationToken);
            return fetched;
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
