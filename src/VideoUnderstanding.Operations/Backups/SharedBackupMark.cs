using VideoUnderstanding.Data.Storage;

namespace VideoUnderstanding.Operations.Backups;

/// <summary>Marks a running backup for all servers of a bucket, until it is disposed.</summary>
internal sealed class SharedBackupMark : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly StoredFiles _files;
    private readonly Task _renewal;

    private SharedBackupMark(StoredFiles files) => (_files, _renewal) = (files, RenewAsync(files, _end.Token));

    public static async Task<SharedBackupMark> SetAsync(StoredFiles files, CancellationToken cancellationToken)
    {
        await files.MarkBackupAsync(cancellationToken);
        return new SharedBackupMark(files);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _renewal;
        await _files.UnmarkBackupAsync(CancellationToken.None);
        _end.Dispose();
    }

    private static async Task RenewAsync(StoredFiles files, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(StoredFiles.BackupMarkLifetime / 10);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
                await TryMarkAsync(files, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The backup has ended.
        }
    }

    private static async Task TryMarkAsync(StoredFiles files, CancellationToken cancellationToken)
    {
        try
        {
            await files.MarkBackupAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // The mark is renewed several times within its lifetime. A lasting failure of the store also fails the backup.
            await Console.Error.WriteLineAsync($"The mark of the backup could not be renewed: {failure.Message}");
        }
    }
}
