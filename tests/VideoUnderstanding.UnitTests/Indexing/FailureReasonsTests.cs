using System.Net;
using System.Net.Sockets;
using Amazon.S3;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Indexing;

namespace VideoUnderstanding.UnitTests.Indexing;

public sealed class FailureReasonsTests
{
    public static TheoryData<Exception, string> Failures() => new()
    {
        { new DbUpdateException("x", new PostgresException("string is too long for tsvector", "ERROR", "ERROR", "54000")),
            "The database refused a statement: string is too long for tsvector." },
        { new NpgsqlException("x", new TimeoutException()), "The database did not answer in time." },
        { new NpgsqlException("Failed to connect to 10.0.0.7"), "The connection to the database was lost." },
        { new UnauthorizedAccessException("Access to the path '/srv/secret' is denied."),
            "A file of the server could not be read or written (UnauthorizedAccessException)." },
        { new InvalidOperationException("The model has no output 'x'."), "InvalidOperationException: The model has no output 'x'." },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void The_message_states_the_reason_and_no_path_or_address(Exception failure, string reason)
    {
        var message = IndexingFailedMessage(failure);
        Assert.Equal($"Indexing was tried 3 times and failed each time. The last reason: {reason}", message);
    }

    [Fact]
    public void A_foreign_message_is_shortened()
        => Assert.InRange(IndexingFailedMessage(new InvalidOperationException(new string('x', 10_000))).Length, 300, 450);

    [Fact]
    public void Only_an_outage_of_the_store_makes_the_task_wait()
    {
        Exception[] outages = [new AmazonS3Exception("x") { StatusCode = HttpStatusCode.ServiceUnavailable },
            new IOException("x", new SocketException()), new HttpRequestException("x"), new StoreOutageException(new IOException("x"))];
        Exception[] others = [new AmazonS3Exception("x") { StatusCode = HttpStatusCode.Forbidden }, new IOException("x"),
            new NpgsqlException("x", new SocketException()), new InvalidOperationException("x")];
        Assert.All(outages, failure => Assert.True(FailureReasons.Of(failure, attempts: 3).Waits));
        Assert.All(others, failure => Assert.False(FailureReasons.Of(failure, attempts: 3).Waits));
    }

    private static string IndexingFailedMessage(Exception failure)
    {
        var failed = FailureReasons.Of(failure, attempts: 3);
        Assert.True(failed.Retry);
        return failed.Message;
    }
}
