using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Server.App.Operator;

namespace VideoUnderstanding.UnitTests.Server;

public sealed class ServerActivityTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 10, 30, 0, TimeSpan.Zero);

    [Fact]
    public void Tasks_are_counted_in_the_hour_in_which_they_end()
    {
        var hours = ServerActivity.Of(
        [
            new(TaskState.Ready, Now.AddHours(-3), Now.AddMinutes(-20), 60),
            new(TaskState.Ready, Now.AddHours(-3), Now.AddMinutes(-31), 40),
            new(TaskState.Failed, Now.AddHours(-3), Now.AddMinutes(-40), 0),
        ], Now);

        Assert.Equal(ServerActivity.Hours, hours.Count);
        Assert.Equal(new ActivityHour(new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero), 1, 0, 60, 0), hours[^1]);
        Assert.Equal(new ActivityHour(new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero), 1, 1, 40, 1), hours[^2]);
        Assert.Equal(new(2026, 3, 1, 11, 0, 0, TimeSpan.Zero), hours[0].Start);
    }

    [Fact]
    public void The_queue_has_the_unfinished_tasks_at_the_end_of_each_hour()
    {
        var hours = ServerActivity.Of(
        [
            new(TaskState.Pending, Now.AddMinutes(-5), Now.AddMinutes(-5), 0),
            new(TaskState.Indexing, Now.AddDays(-3), Now, 0),
            new(TaskState.Ready, Now.AddHours(-5), Now.AddHours(-2), 10),
        ], Now);

        Assert.Equal([1, 2, 2, 2, 1, 1, 2], hours.TakeLast(7).Select(hour => hour.Queued));
    }
}
