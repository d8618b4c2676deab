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
}
