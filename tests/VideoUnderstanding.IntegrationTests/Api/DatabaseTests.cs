using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Accounts;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Api;

public sealed class DatabaseTests(DatabaseTemplate template) : IAsyncLifetime
{
    private TestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync(template, new Dictionary<string, string?>());

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Vector_columns_get_their_length_even_when_two_servers_start_at_once()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            await using var db = _server.Database.Open();
            return await VectorColumns.EnsureAsync(db, new("model", 512), new("model", 384), CancellationToken.None);
        }));

        Assert.All(answers, Assert.Null);
        await using var check = _server.Database.Open();
        var types =
            await check.Database.SqlQuery<string>($"""
                SELECT format_type(atttypid, atttypmod) AS "Value" FROM pg_attribute WHERE attname = 'embedding'
                    AND attrelid = 'frame_vectors'::regclass
                """).ToListAsync();
        Assert.Equal("halfvec(512)", Assert.Single(types));
        // Storage "p" (plain): PostgreSQL keeps the vectors in the row itself and not in a TOAST table.
        var places =
            await check.Database.SqlQuery<string>($"""
                SELECT attstorage::text AS "Value" FROM pg_attribute WHERE attname = 'embedding'
                    AND attrelid IN ('frame_vectors'::regclass, 'text_segments'::regclass)
                """).ToListAsync();
        Assert.Equal(["p", "p"], places);
    }

    [Fact]
    public async Task Migrations_ignore_the_command_timeout()
    {
        await using var other = _server.Database.Open();
        await using var locked = await other.Database.BeginTransactionAsync();
        await other.Database.ExecuteSqlRawAsync("LOCK TABLE \"__EFMigrationsHistory\" IN ACCESS EXCLUSIVE MODE");
        await using var db = _server.Database.Open();
        db.Database.SetCommandTimeout(1);

        var migrating = DatabaseSetup.MigrateAsync(db, CancellationToken.None);
        await Task.WhenAny(migrating, Task.Delay(2500));
        await locked.CommitAsync();
        await migrating;

        // Commands after the migration have the earlier timeout again.
        Assert.Equal(1, db.Database.GetCommandTimeout());
    }

    [Fact]
    public async Task The_length_of_an_empty_column_can_be_changed_and_that_of_a_filled_column_cannot()
    {
        await using var db = _server.Database.Open();
        Assert.Null(await VectorColumns.EnsureAsync(db, null, new("model", 8), CancellationToken.None));
        Assert.Null(await VectorColumns.EnsureAsync(db, null, new("model", 4), CancellationToken.None));
        var (video, _) = await _server.AddVideoAsync(await _server.AddIndexAsync());
        await _server.AddTextAsync(video, TextSource.Speech, (0, 1, "words"));

        Assert.Null(await VectorColumns.EnsureAsync(db, null, new("model", 4), CancellationToken.None));
        var error = await VectorColumns.EnsureAsync(db, new("model", 16), new("model", 8), CancellationToken.None);
        Assert.Contains("texts as vectors of length 4", error, StringComparison.Ordinal);
        Assert.Contains("length 8", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Vectors_of_another_model_of_the_same_length_are_not_mixed()
    {
        await using var db = _server.Database.Open();
        Assert.Null(await VectorColumns.EnsureAsync(db, null, new("first", 4), CancellationToken.None));
        Assert.Null(await VectorColumns.EnsureAsync(db, null, new("second", 4), CancellationToken.None));
        var (video, _) = await _server.AddVideoAsync(await _server.AddIndexAsync());
        await _server.AddTextAsync(video, TextSource.Speech, (0, 1, "words"));

        Assert.Null(await VectorColumns.EnsureAsync(db, null, new("second", 4), CancellationToken.None));
        Assert.Contains("vectors of the model second, but first is configured",
            await VectorColumns.EnsureAsync(db, null, new("first", 4), CancellationToken.None), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Vectors_stored_before_a_length_was_set_determine_the_length()
    {
        await using var db = _server.Database.Open();
        var (video, _) = await _server.AddVideoAsync(await _server.AddIndexAsync());
        await _server.AddTextAsync(video, TextSource.Speech, (0, 1, "words"));

        Assert.NotNull(await VectorColumns.EnsureAsync(db, null, new("model", 8), CancellationToken.None));
        Assert.Null(await VectorColumns.EnsureAsync(db, null, new("model", 4), CancellationToken.None));
    }

    [Fact]
    public async Task The_first_key_is_created_once()
    {
        await using var empty = await template.CopyAsync();
        var secrets = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            await using var db = empty.Open();
            return await new ApiKeyStore(db, TimeProvider.System, Options.Create(new ApiKeyOptions()))
                .EnsureFirstAsync(CancellationToken.None);
        }));
        Assert.Matches("^tlk_[A-Z2-7]{52}$", Assert.Single(secrets, secret => secret is not null));
    }

    [Fact]
    public async Task A_key_is_valid_for_two_calendar_months_stored_as_a_hash_and_revoked_by_id_or_prefix()
    {
        await using var scope = _server.Services.CreateAsyncScope();
        var keys = scope.ServiceProvider.GetRequiredService<ApiKeyStore>();
        var (key, secret) = await keys.CreateAsync("laptop", CancellationToken.None);

        Assert.Equal(key.CreatedAt.AddMonths(2), key.ExpiresAt);
        Assert.StartsWith(key.Prefix, secret, StringComparison.Ordinal);
        Assert.Equal(key.Id, (await keys.FindAsync(secret, CancellationToken.None))?.Id);
        Assert.Equal(key.Id, (await keys.ListAsync(CancellationToken.None))[0].Id);
        Assert.NotNull((await keys.RevokeAsync(key.Prefix, CancellationToken.None))?.RevokedAt);
        Assert.Null(await keys.FindAsync(secret, CancellationToken.None));
        Assert.Null(await keys.RevokeAsync("tlk_nothing", CancellationToken.None));
    }

    [Fact]
    public async Task The_model_and_the_migrations_agree()
    {
        await using var db = _server.Database.Open();
        Assert.False(db.Database.HasPendingModelChanges());
        Assert.Empty(await db.Database.GetPendingMigrationsAsync());
    }
}
