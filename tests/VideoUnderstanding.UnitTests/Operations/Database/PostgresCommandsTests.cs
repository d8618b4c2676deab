using VideoUnderstanding.Operations.Database;

namespace VideoUnderstanding.UnitTests.Operations.Database;

public sealed class PostgresCommandsTests
{
    [Fact]
    public void A_new_cluster_requires_the_password_for_all_connections()
    {
        var arguments = PostgresCommands.InitArguments("/srv/cluster", "/srv/password");
        Assert.Contains("--auth=scram-sha-256", arguments);
        Assert.Contains("--pwfile=/srv/password", arguments);
    }

    [Fact]
    public void The_start_redirects_the_log_to_a_file()
        => Assert.Equal(["start", "-s", "-w", "-t", "300", "-D", "/srv/cluster", "-l", "/srv/log"],
            PostgresCommands.StartArguments("/srv/cluster", "/srv/log", 300));

    [Fact]
    public void The_database_listens_on_no_address()
        => Assert.Contains("\nlisten_addresses = ''\n", PostgresCommands.SettingsText(new EmbeddedDatabaseOptions(), "/srv"),
            StringComparison.Ordinal);

    [Fact]
    public void A_quote_in_the_folder_does_not_end_the_setting()
        => Assert.Contains("unix_socket_directories = '/srv/it''s'\n",
            PostgresCommands.SettingsText(new EmbeddedDatabaseOptions(), "/srv/it's"), StringComparison.Ordinal);

    [Theory]
    [InlineData(0, 512L << 20, 128)]
    [InlineData(0, 16L << 30, 2_048)]
    [InlineData(0, 256L << 30, 4_096)]
    [InlineData(64, 16L << 30, 64)]
    public void Shared_buffers_are_an_eighth_of_the_memory_unless_they_are_set(int megabytes, long memory, int expected)
        => Assert.Equal(expected, new EmbeddedDatabaseOptions { SharedBuffersMegabytes = megabytes }.SharedBuffersOf(memory));

    [Fact]
    public void An_index_is_built_with_at_most_a_gigabyte()
    {
        var text = PostgresCommands.SettingsText(new EmbeddedDatabaseOptions { SharedBuffersMegabytes = 4_000 }, "/srv");
        Assert.Contains("\nshared_buffers = 4000MB\nmaintenance_work_mem = 1024MB\n", text, StringComparison.Ordinal);
    }
}
