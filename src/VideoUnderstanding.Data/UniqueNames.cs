using Microsoft.EntityFrameworkCore;
using Npgsql;
using VideoUnderstanding.Data.Configurations;

namespace VideoUnderstanding.Data;

/// <summary>Detects which unique constraint a failed save violates.</summary>
public static class UniqueNames
{
    public static bool IsIndexNameTaken(DbUpdateException failure)
        => failure.InnerException
            is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: VideoIndexConfiguration.LiveNameIndex };

    public static bool IsIntegrationTaken(DbUpdateException failure)
        => failure.InnerException is PostgresException
        {
            SqlState: PostgresErrorCodes.UniqueViolation,
            ConstraintName: IntegrationConfiguration.BucketIndex or IntegrationConfiguration.FolderIndex,
        };

    public static bool IsUserNameTaken(DbUpdateException failure)
        => failure.InnerException
            is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: UserConfiguration.NameIndex };
}
