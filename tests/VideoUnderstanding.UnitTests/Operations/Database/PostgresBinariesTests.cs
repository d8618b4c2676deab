using VideoUnderstanding.Operations.Database;

namespace VideoUnderstanding.UnitTests.Operations.Database;

public sealed class PostgresBinariesTests
{
    private static readonly PostgresBinaries New = new("/usr/lib/postgresql/18/bin", 18, null);
    private static readonly PostgresBinaries Middle = new("/usr/lib/postgresql/17/bin", 17, "0.8.0");
    private static readonly PostgresBinaries Old = new("/usr/lib/postgresql/15/bin", 15, "0.8.0");

    [Fact]
    public void A_new_cluster_gets_the_newest_version_that_has_pgvector()
        => Assert.Equal(Middle, PostgresBinaries.Choose([New, Middle, Old], null));

    [Fact]
    public void An_old_cluster_keeps_its_version() => Assert.Equal(Old, PostgresBinaries.Choose([New, Middle, Old], 15));

    [Fact]
    public void The_error_for_a_missing_version_names_both_versions()
    {
        var error = Assert.Throws<DatabaseUnavailableException>(() => PostgresBinaries.Choose([Middle], 15));
        Assert.Contains("written by PostgreSQL 15", error.Message, StringComparison.Ordinal);
        Assert.Contains("PostgreSQL 17", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_without_pgvector_is_reported()
        => Assert.Contains("without the extension pgvector",
            Assert.Throws<DatabaseUnavailableException>(() => PostgresBinaries.Choose([New], null)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_error_without_any_server_names_the_install_command()
        => Assert.Contains("deploy/install.sh",
            Assert.Throws<DatabaseUnavailableException>(() => PostgresBinaries.Choose([], null)).Message, StringComparison.Ordinal);
}
