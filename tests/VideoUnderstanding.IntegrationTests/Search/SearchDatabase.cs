using VideoUnderstanding.Data;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Search;

/// <summary>The database of one test class, prepared for the dimensions of <see cref="ColourVectors"/>.</summary>
public sealed class SearchDatabase(DatabaseTemplate template) : IAsyncLifetime
{
    public TestDatabase Rows { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Rows = await template.CopyAsync();
        await using var db = Rows.Open();
        Assert.Null(
            await VectorColumns.EnsureAsync(db, new("model", ColourVectors.Dimensions), new("model", ColourVectors.Dimensions),
                CancellationToken.None));
    }

    public ValueTask DisposeAsync() => Rows.DisposeAsync();
}
