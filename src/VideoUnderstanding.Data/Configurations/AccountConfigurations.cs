using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.Configurations;

internal sealed class AccountConfiguration : IEntityTypeConfiguration<Account>
{
    public void Configure(EntityTypeBuilder<Account> account)
    {
        account.ToTable("accounts");
        account.HasIndex(row => row.Name).IsUnique();
    }
}

internal sealed class UserConfiguration : IEntityTypeConfiguration<User>
{
    public const string NameIndex = "ix_users_name";

    public void Configure(EntityTypeBuilder<User> user)
    {
        user.ToTable("users");
        user.HasOne<Account>().WithMany().HasForeignKey(row => row.AccountId).OnDelete(DeleteBehavior.Cascade);
        user.Property(row => row.Role).HasConversion(LowerCase.Of<UserRole>());
        user.HasIndex(row => row.Name).IsUnique().HasDatabaseName(NameIndex);
        user.HasIndex(row => row.AccountId);
    }
}

internal sealed class ApiKeyConfiguration : IEntityTypeConfiguration<ApiKey>
{
    public void Configure(EntityTypeBuilder<ApiKey> key)
    {
        key.ToTable("api_keys");
        key.HasOne<Account>().WithMany().HasForeignKey(row => row.AccountId).OnDelete(DeleteBehavior.Cascade);
        // Used by every request to find its key.
        key.HasIndex(row => row.Hash).IsUnique();
        key.HasIndex(row => row.AccountId);
    }
}
