using Microsoft.EntityFrameworkCore;
using Npgsql;
using VideoUnderstanding.Data.Words;

namespace VideoUnderstanding.Data;

/// <summary>Fills the normalised columns of rows from older versions. It can be interrupted and repeated.</summary>
internal static class NormalColumns
{
    private const int BatchSize = 500;

    public static async Task FillAsync(VideoDbContext db, CancellationToken cancellationToken)
    {
        await FillAsync<long>(
            db, "text_segments", $"left(text, {4 * PlainWords.MaxColumnLength})", "words", PlainWords.Column, cancellationToken);
        await FillAsync<string>(db, "indexing_tasks", "filename", "normal_filename", NormalForm.Of, cancellationToken);
        await FillAsync<string>(db, "video_indexes", "name", "normal_name", NormalForm.Of, cancellationToken);
        await FillAsync<string>(db, "logos", "name", "normal_name", NormalForm.Of, cancellationToken);
        await FillVideosAsync(db, cancellationToken);
    }

    /// <summary>Uses small batches, because segments of older versions can have megabytes.</summary>
    private static async Task FillAsync<TId>(
        VideoDbContext db, string table, string from, string to, Func<string, string> form, CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        var (ids, forms) = (new List<TId>(), new List<string>());
        do
        {
            ids.Clear();
            forms.Clear();
            await using var select = new NpgsqlCommand(
                $"SELECT id, {from} FROM {table} WHERE {to} IS NULL ORDER BY id LIMIT {BatchSize}", connection) { CommandTimeout = 0 };
            await using (var reader = await select.ExecuteReaderAsync(cancellationToken))
                while (await reader.ReadAsync(cancellationToken))
                {
                    ids.Add(reader.GetFieldValue<TId>(0));
                    forms.Add(form(reader.GetString(1)));
                }
            await using var update = new NpgsqlCommand(
                $"UPDATE {table} SET {to} = filled.form FROM unnest($1, $2) filled(id, form) WHERE {table}.id = filled.id", connection)
            {
                CommandTimeout = 0,
                Parameters = { new NpgsqlParameter { Value = ids.ToArray() }, new NpgsqlParameter { Value = forms.ToArray() } },
            };
            await update.ExecuteNonQueryAsync(cancellationToken);
        }
        while (ids.Count == BatchSize);
        await db.Database.CloseConnectionAsync();
    }

    private static async Task FillVideosAsync(VideoDbContext db, CancellationToken cancellationToken)
    {
        while (await db.Videos.Where(video => video.NormalFilename == null).OrderBy(video => video.Id).Take(BatchSize)
            .ToListAsync(cancellationToken) is { Count: > 0 } videos)
        {
            // Assigning a property also sets its normalised form.
            foreach (var video in videos)
                (video.Filename, video.Title, video.CustomMetadata) = (video.Filename, video.Title, video.CustomMetadata);
            await db.SaveChangesAsync(cancellationToken);
            db.ChangeTracker.Clear();
        }
    }
}
