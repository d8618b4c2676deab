using VideoUnderstanding.Operations.Backups;

namespace VideoUnderstanding.UnitTests.Operations.Backups;

public sealed class RoomTests
{
    [Fact]
    public void A_disk_without_room_is_told_before_anything_is_written()
    {
        BackupWriter.RequireRoom(Path.GetTempPath(), 0);
        var told = Assert.Throws<BackupException>(() => BackupWriter.RequireRoom(Path.GetTempPath(), long.MaxValue));
        Assert.Contains("has room for", told.Message);
    }
}
