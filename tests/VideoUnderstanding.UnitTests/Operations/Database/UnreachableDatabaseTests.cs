using System.Net.Sockets;
using Npgsql;
using VideoUnderstanding.Operations.Database;

namespace VideoUnderstanding.UnitTests.Operations.Database;

public sealed class UnreachableDatabaseTests
{
    [Fact]
    public void The_error_of_an_unreachable_server_contains_address_and_remedy()
    {
        var refused = new NpgsqlException("Failed to connect to 127.0.0.1:5999", new SocketException((int)SocketError.ConnectionRefused));

        var sentence = UnreachableDatabase.Sentence(new InvalidOperationException("likely due to a transient failure", refused));

        Assert.StartsWith("The configured database does not answer: Failed to connect to 127.0.0.1:5999 (", sentence);
        Assert.EndsWith("Check ConnectionStrings__Database, or leave it out to use the embedded database.", sentence);
    }

    [Theory]
    [InlineData("28P01", "refuses the login")]
    [InlineData("28000", "refuses the login")]
    [InlineData("3D000", "is not there")]
    public void The_error_of_a_refused_login_contains_the_message_of_the_server(string state, string expected)
    {
        var sentence = UnreachableDatabase.Sentence(new PostgresException("its own words", "FATAL", "FATAL", state));

        Assert.Contains(expected, sentence);
        Assert.Contains("its own words", sentence);
    }

    [Fact]
    public void An_invalid_connection_string_is_reported()
    {
        var unread = Assert.ThrowsAny<ArgumentException>(() => new NpgsqlConnectionStringBuilder("Hots=nowhere"));

        Assert.Contains("can not be read", UnreachableDatabase.Sentence(unread));
    }

    [Fact]
    public void Other_failures_are_not_handled()
    {
        Assert.Null(UnreachableDatabase.Sentence(new PostgresException("syntax error", "ERROR", "ERROR", "42601")));
        Assert.Null(UnreachableDatabase.Sentence(new InvalidOperationException("a mistake", new ArgumentException("another"))));
    }
}
