"""What only looks like a secret on a command line: as many findings as there are lines here would be noise."""

from __future__ import annotations

import pytest

from checks.detect.command_logins import command_secrets

CLEAN = r"""
docker run -p 80:80 login
docker run -p 80:80 -u 1000 nginx
docker run -d --name mongo -p 27017:27017 mongo
docker run --name redis-cli -a stdin redis
docker run --name some-mysql -p 3306:3306 -d mysql:8
docker login -u bob -p "$(pass show x)"
docker login -u bob -p $TOKEN ghcr.io
docker login -u bob -p "${TOKEN}" ghcr.io
docker login -u bob -p ${{ secrets.X }} ghcr.io
docker login -u bob -p "${{ secrets.DOCKER_PASSWORD }}"
docker login -u "${{ github.actor }}" -p ${{ secrets.GITHUB_TOKEN }} ghcr.io
echo "${{ secrets.X }}" | docker login ghcr.io -u ${{ github.actor }} --password-stdin
echo $TOKEN | docker login -u bob --password-stdin
docker login -u bob -p {{ docker_password }}
docker login -u bob -p <your-password>
docker login -u bob -p YOUR_PASSWORD
export DB_PASSWORD="<your token>"
printf 'machine %s login %s password %s\n' h bob "$TOKEN"
docker login -u bob -p xxxxx
docker login -u bob -p '***'
docker login
docker login ghcr.io
docker login -u bob
docker login -u bob --password-stdin < ~/token.txt
cat ~/token | docker login -u bob --password-stdin
pass show x | docker login -u bob --password-stdin
aws ecr get-login-password | docker login -u AWS --password-stdin 1.dkr.ecr.us-east-1.amazonaws.com
docker run -e DB_PASSWORD -e X=1 img
docker run -e DB_PASSWORD=$DB_PASSWORD img
docker run -e DB_PASSWORD_FILE=/run/secrets/x img
docker run --secret id=token,src=token.txt
docker build --secret id=NPM_TOKEN,env=NPM_TOKEN .
docker build --build-arg NPM_TOKEN .
docker build --build-arg TOKEN=$TOKEN .
mkdir -p foo/bar
mkdir -p /var/lib/mysql
ssh -p 2222 host
ssh -p 22 user@host
scp -P 22 a b:
psql -p 5432 -U bob
mysql -u root -p
mysql -u root -p db
mysql -h h -P 3306 -u root -p db
mysql -uroot -p"$PW" db
mysqldump --port=3306 --password db
curl -u bob https://x.example
curl -u "$USER:$PASS" https://x.example
curl -u $USER:$PASS https://x.example
curl -u :  https://x.example
curl --user "${U}:${P}" x
curl -H "Authorization: Bearer $TOKEN" x
curl -H "Authorization: token ${{ secrets.X }}" x
curl -H "Authorization: Bearer <token>" x
curl -H "Content-Type: application/json" -d '{"password":"$P"}' x
curl -H "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==" x
curl -H 'Accept: application/vnd.docker.distribution.manifest.v2+json' x
curl -o token.json https://x.example
wget --password=$P x
git clone https://github.com/a/b
git clone git@github.com:a/b
git clone https://bob@github.com/a/b
git clone https://$TOKEN@github.com/a/b
git clone https://x-access-token:${TOKEN}@github.com/a/b
git clone https://user:password@example.com/a/b
git clone ssh://git@host:22/x
git config user.name "Bob Miller"
git config --global credential.helper store
git config --global user.signingkey ABCDEF0123456789
git commit -m "password=foo bar"
git commit -m "Fix: token handling"
git log --author=bob
tar -p -xf a
cp -p a b
rsync -p a b
nmap -p 80 host
ps -p 1234
read -p "Password: " x
read -s -p "Password: " PASSWORD
stty -echo; printf "Password: "; read PASSWORD
export PASSWORD=
export PASSWORD=""
export TOKEN="$(cat ~/.token)"
export TOKEN=`cat ~/.token`
export SSH_AUTH_SOCK=/run/user/1000/keyring/ssh
export GPG_TTY=$(tty)
export GPG_KEY_ID=ABCDEF12
export PATH="$HOME/bin:$PATH"
export PYTHON_KEYRING_BACKEND=keyring.backends.null.Keyring
export XAUTHORITY=/home/x/.Xauthority
export GIT_ASKPASS=/usr/bin/true
export SUDO_ASKPASS=/usr/bin/ssh-askpass
export TOKENIZERS_PARALLELISM=false
export AWS_PROFILE=prod
export PS1='\u:\w\$ '
export HISTIGNORE="*password*:*token*"
PASSWORD=$1
PASSWORD="${2:?password}"
PASSWORD=$(openssl rand -base64 32)
PASSWORD="$(pwgen 20 1)"
local password=$1
if [ -z "$PASSWORD" ]; then echo "set PASSWORD"; fi
[[ $key == "token" ]] && x
[ "$password" = "secret" ]
case "$1" in --password=*) PASSWORD="${1#*=}" ;; esac
  -p|--password) PASSWORD="$2"; shift 2 ;;
echo "Usage: $0 --password PASSWORD"
echo "  --password=PASSWORD   the password"
echo "password: "
echo "TOKEN=abc"
awk -F= '/token/ {print $2}'
sed 's/password=.*/password=xxx/'
sed -e "s/PASS/$PASS/"
grep -r password= .
grep 'API_KEY=' .env
grep -p "token=abc def"
find . -name '*key*' -print
openssl req -new -key server.key -out server.csr
openssl rsa -in key.pem -passin env:PW
openssl enc -d -aes-256-cbc -pass file:pw -in a
openssl pkcs12 -export -in cert.pem -inkey key.pem
ssh-keygen -t ed25519 -N "" -f key
ssh-keygen -R host
ssh-keygen -p -f key
keytool -list -keystore x -storepass changeit
gpg --export --armor ABCDEF
gpg --recv-keys 0xABCDEF0123456789
apt-key adv --keyserver keyserver.ubuntu.com --recv-keys 0123456789ABCDEF0123
zip -r a.zip b
unzip -P a.zip
7z x a.7z -p
az login
az login --identity
az acr login -n foo
aws configure set region eu-west-1
aws secretsmanager get-secret-value --secret-id x
aws secretsmanager create-secret --secret-string file://x
aws s3 cp s3://a/b .
npm config set registry https://npm.example.com/
npm config set strict-ssl false
npm config delete //npm.example.com/:_authToken
npm config set //npm.example.com/:_authToken ${NPM_TOKEN}
pip install --index-url https://packages.example.com/simple x
poetry config virtualenvs.in-project true
composer config repositories.foo vcs https://github.com/a/b
cargo login
vault login -method=oidc
vault login -method=userpass username=bob
vault kv get -field=token secret/x
vault operator unseal
kubectl create secret generic x --from-file=token=./token
kubectl create secret docker-registry x --docker-password="$P"
kubectl get secret x -o jsonpath='{.data.password}'
kubectl port-forward svc/mysql 3306
kubectl -p x
kubectl patch x -p '{"spec":{"token":null}}'
kubectl patch sa default -p '{"imagePullSecrets": [{"name": "regcred"}]}'
helm install x y --set image.pullPolicy=Always
helm install x y --set-file key=./key
helm upgrade x y --set auth.existingSecret=mysecret
terraform apply -var-file=secrets.tfvars
terraform output -raw db_password
sudo -S ls
sudo -u postgres psql -p 5432
useradd -p '$6$abc$def' bob
ldapsearch -x -W -D cn=admin
ldapsearch -x -y file
smbclient //h/s -U bob
smbclient //h/s -A creds
redis-cli -p 6379
redis-cli -a "$REDIS_PASS" ping
mongosh --port 27017 -p
mongosh -u bob --password
influx query -t $T
snmpget -v2c -c public h
gh auth login --with-token < token.txt
gh auth token | docker login ghcr.io -u bob --password-stdin
gh secret set X < file
gh pr create -t title -b body
gh issue create -t "a title" -b "body"
make -p
watch -p x
tmux new -s foo
screen -S foo
systemctl start docker
python -m http.server -p 8000
flask run -p 5000
npx serve -p 3000
ng serve --port 4200
http GET x.example token==abc
http x.example key=value
jq '.token'
jq -r .access_token
cat key.pem | base64
base64 -d <<< abc
set -e
set -euo pipefail
set -x
set token $argv[1]
set -l key (cat x)
set -gx GPG_TTY (tty)
set -gx TOKEN (pass show x)
set -x PATH /usr/bin $PATH
bindkey "^R" history-incremental-search-backward
bind '"\e[A": history-search-backward'
alias p='mkdir -p'
alias dl='docker login -u bob --password-stdin'
trap 'rm -f $TOKEN' EXIT
printf 'token=%s\n' "$T"
printf "password: %s" "$P"
docker tag a token/b
docker inspect --format '{{ .Config.Password }}' x
dotnet user-secrets set Key Value
net use
xfreerdp /u:bob /v:h
sshpass -e ssh bob@host
sshpass -f file ssh bob@host
sshpass -p "$P" ssh -p 22 bob@host
wandb login
wandb login --relogin
ngrok http 80
snyk test
snyk auth
mc ls x
rclone copy a b
rabbitmqctl list_users
rabbitmqctl add_user bob
twine upload dist/*
uv publish
dotnet nuget push x -s y
cat <<EOF > x.yaml\npassword: \n
openssl s_client -connect x:443 -key k.pem
openssl genrsa -out key.pem 2048
docker compose -p myproject up
docker-compose -p proj up -d
podman run -p 8080:80 -u root oras
podman login --get-login
curl --cert a.pem:b --key k.pem https://x
curl --key id_rsa --cacert x https://y
wget --private-key=file.pem x
ansible-playbook -e token_ttl=30 x
python train.py --tokenizer bert --pad-token "<pad>" --max-tokens 100
python gen.py --token-count 5 --key-size 2048
llm --n-token 4096 --key foo
secret-tool lookup service foo
secret-tool store --label=x service foo
security find-generic-password -s foo -w
pass insert docker/token
op read op://vault/item/password
export X=op://vault/item/password
export API_KEY=op://vault/item/password
bw get password x
export DOCKER_HOST=ssh://bob@host
export HTTP_PROXY=http://proxy:3128
export KUBECONFIG=~/.kube/config
PASS=0; FAIL=0
PASS=$((PASS+1))
pass=1
key=value
key="$1"
token=foo
auth=none
export PASSWORD_STORE_DIR=~/.password-store
SECRETS_DIR=/run/secrets
KEY_FILE=/etc/x.pem
SECRET_KEY_PATH="./x"
typeset -A key; key[Home]="${terminfo[khome]}"
zstyle ':completion:*' use-cache on
zstyle ':omz:plugins:ssh-agent' identities id_rsa
complete -W "--password --token" foo
_arguments '--password=[the password]:password:' '-p[foo]'
COMPREPLY=( $(compgen -W "--password= --token=" -- $cur) )
echo -e "\033[1mpassword\033[0m"
ssh-add -K ~/.ssh/key
sudo passwd root
chpasswd < file
hub release create -m "token: foo"
export CDPATH=.:~
docker logout
docker search password
docker exec -it keycloak /opt/kc/kcadm.sh get realms
glab mr create -t title
doctl auth init
vercel env add SECRET
fly secrets list
heroku config:set FOO=bar
heroku config:set NODE_ENV=production
netlify deploy -p
"""


@pytest.mark.parametrize("line", [line for line in CLEAN.splitlines() if line])
def test_nothing_is_found(line: str) -> None:
    found = [(one.what, line[one.start : one.end]) for one in command_secrets(line)]
    assert found == []


def test_nothing_is_found_in_all_of_them_together() -> None:
    """A quote that is not closed in one line must not make secrets of the next."""
    found = [(one.what, CLEAN[one.start : one.end]) for one in command_secrets(CLEAN)]
    assert found == []
